import type { APIGatewayProxyEventV2WithIAMAuthorizer } from 'aws-lambda';

type Event = APIGatewayProxyEventV2WithIAMAuthorizer;

/** A request as API Gateway hands it to a route's function; `body` as the JSON parser leaves it. */
export const apiEvent = (given: { [Key in keyof Event]?: unknown } = {}): Event =>
  ({
    version: '2.0',
    routeKey: 'POST /services/{service}/deployments',
    rawPath: '/services/webapp/deployments',
    rawQueryString: '',
    headers: {},
    pathParameters: { service: 'webapp' },
    requestContext: {
      requestId: 'JKJaXmPLvHcESHA=',
      authorizer: { iam: { userArn: 'arn:aws:iam::123456789012:user/pacuna' } },
    },
    isBase64Encoded: false,
    ...given,
  }) as unknown as Event;
