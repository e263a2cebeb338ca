// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the placeholders of templates, not of this language
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Sha256 } from '@aws-crypto/sha256-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { strToU8, zipSync } from 'fflate';
import { createServiceCalls } from '#sandbox/core/calls.ts';
import { type Clock, systemClock } from '#sandbox/core/clock.ts';
import { createHttpApi } from '#sandbox/http-api/http-api.ts';
import { parseRouteKey, selectRoute } from '#sandbox/http-api/requests/routing.ts';
import { createIam, type Iam } from '#sandbox/iam/iam.ts';
import { createLambda } from '#sandbox/lambda/lambda.ts';
import { deployStack } from '#sandbox/stack/deploy.ts';
import { createFrontDoor, type FrontDoor } from '#sandbox/wire/front-door.ts';
import { lambdaNeeds } from '#test/sandbox/support/lambda-needs.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const HANDLERS = `
  export const echo = async (event) => event;
  export const text = async () => 'plain words';
  export const full = async () => ({ statusCode: 201, headers: { 'X-Made': 1, 'content-type': 'application/problem+json' }, cookies: ['a=1', 'b=2'], body: Buffer.from('made').toString('base64'), isBase64Encoded: true });
  export const bare = async () => ({ statusCode: 202 });
  export const malformed = async () => ({ statusCode: 200, body: { not: 'a text' } });
  export const fails = async () => { throw new Error('secret reason'); };
  export const slow = async () => new Promise((resolve) => setTimeout(resolve, 2000));
`;

const lambdaTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const allowedPaths = {
  PolicyName: 'invoke',
  PolicyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: {
          'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/services/*',
        },
      },
    ],
  },
};

/** Function, integration and route for one export of the handlers. */
function routeTo(name: string, routeKey: string, more: object = {}, integration: object = {}) {
  const ApiId = { Ref: 'Api' };
  const FunctionName = { Ref: `${name}Function` };
  return {
    [`${name}Function`]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: `api.${name}`,
        Runtime: 'nodejs24.x',
        Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
        Code: { S3Key: 'x/api.zip', S3Bucket: 'b' },
      },
    },
    [`${name}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName,
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*' },
      },
    },
    [`${name}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        PayloadFormatVersion: '2.0',
        IntegrationUri: { 'Fn::GetAtt': [`${name}Function`, 'Arn'] },
        ...integration,
      },
    },
    [`${name}Route`]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId,
        RouteKey: routeKey,
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: `${name}Integration` }]] },
        ...more,
      },
    },
  };
}

const template = {
  Resources: {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'landfall', ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: { Ref: 'Api' },
        StageName: '$default',
        AutoDeploy: true,
        RouteSettings: { 'GET /limited': { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1 } },
        AccessLogSettings: {
          DestinationArn: {
            'Fn::Sub': 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/http-api/landfall:*',
          },
          Format:
            '{"routeKey":"$context.routeKey","status":"$context.status","user":"$context.identity.userArn","none":"$context.extendedRequestId"}',
        },
      },
    },
    FunctionRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: lambdaTrust } },
    Operator: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'operator', AssumeRolePolicyDocument: lambdaTrust, Policies: [allowedPaths] },
    },
    ...routeTo('echo', 'ANY /services/{service}', { AuthorizationType: 'AWS_IAM' }),
    ...routeTo('text', 'GET /limited'),
    ...routeTo('full', 'POST /full'),
    ...routeTo('bare', 'GET /bare'),
    ...routeTo('malformed', 'GET /malformed'),
    ...routeTo('fails', 'GET /fails'),
    ...routeTo('slow', 'GET /slow', {}, { TimeoutInMillis: 60 }),
    ...withoutPermission(routeTo('forgotten', 'GET /forgotten')),
  },
};

function withoutPermission(resources: ReturnType<typeof routeTo>) {
  return Object.fromEntries(Object.entries(resources).filter(([name]) => !name.endsWith('Permission')));
}

describe('the HTTP API', () => {
  const { context: base, remove } = testContext();
  let port = 0;
  let now: (() => number) | undefined;
  const clock: Clock = { ...systemClock, now: () => (now ?? systemClock.now)() };
  const context = { ...base, clock, endpoint: () => `http://127.0.0.1:${port}` };
  const recorded = lambdaNeeds();
  let iam: Iam;
  let door: FrontDoor;
  let lambda: ReturnType<typeof createLambda>;
  let url: string;
  let functionRole: string;

  beforeAll(async () => {
    iam = createIam(context);
    lambda = createLambda(context, { iam, logs: recorded.logs });
    const verifySignature: FrontDoor['verifySignature'] = (request) => door.verifySignature(request);
    const api = createHttpApi(context, { lambda, iam, logs: recorded.logs, verifySignature });
    const definitions = [iam.definition, lambda.definition, api.definition];
    door = createFrontDoor(context, { definitions, iam, handlers: [api.handler] });
    port = await door.listen();
    writeFileSync(join(context.directory, 'api.zip'), zipSync({ 'api.mjs': strToU8(HANDLERS) }));
    const stack = await deployStack(context, {
      services: createServiceCalls(context, definitions),
      assetsDirectory: context.directory,
      template,
    });
    url = String(stack.resources.Api?.attributes.ApiEndpoint);
    functionRole = String(stack.resources.FunctionRole?.attributes.Arn);
  });

  afterAll(async () => {
    await door.close();
    await lambda.close();
    remove();
  });

  interface Send {
    body?: string;
    headers?: Record<string, string>;
    credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    service?: string;
  }

  async function send(
    method: string,
    path: string,
    { body, headers = {}, credentials, service = 'execute-api' }: Send = {},
  ) {
    const target = new URL(url + path);
    const query: Record<string, string[]> = {};
    for (const [name, value] of target.searchParams) query[name] = [...(query[name] ?? []), value];
    const request = {
      method,
      protocol: 'http:',
      hostname: target.hostname,
      port: Number(target.port),
      path: target.pathname,
      query,
      headers: { host: target.host, ...headers },
      ...(body === undefined ? {} : { body }),
    };
    const signer =
      credentials && new SignatureV4({ service, region: context.region, credentials, sha256: Sha256 });
    const signed = signer === undefined ? request : await signer.sign(request);
    const response = await fetch(target, {
      method,
      headers: signed.headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  }

  const administrator = { accessKeyId: 'test', secretAccessKey: 'test' };
  const operator = () => iam.issueCredentials('arn:aws:iam::111122223333:role/operator', 'mary');

  it('gives the function the event in payload format 2.0, with who signed the request', async () => {
    const credentials = operator();
    const answer = await send('GET', '/services/web%20app?b=2&a=1&b=x%20y', {
      credentials,
      headers: { 'X-Custom': 'Yes', cookie: 'one=1; two=2', 'user-agent': 'landfall/1' },
    });
    const event = answer.json();

    expect(answer.status).toBe(200);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /services/{service}',
      rawPath: '/services/web app',
      rawQueryString: 'b=2&a=1&b=x%20y',
      cookies: ['one=1', 'two=2'],
      headers: {
        'x-custom': 'Yes',
        'user-agent': 'landfall/1',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-port': `${port}`,
      },
      queryStringParameters: { a: '1', b: '2,x y' },
      pathParameters: { service: 'web app' },
      isBase64Encoded: false,
      requestContext: {
        accountId: '111122223333',
        stage: '$default',
        routeKey: 'ANY /services/{service}',
        requestId: expect.stringMatching(/^[\w+/]+=+$/),
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
        http: {
          method: 'GET',
          path: '/services/web app',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'landfall/1',
        },
        authorizer: {
          iam: {
            accessKey: credentials.accessKeyId,
            accountId: '111122223333',
            userArn: 'arn:aws:sts::111122223333:assumed-role/operator/mary',
            callerId: expect.stringMatching(/^AROA\w+:mary$/),
            userId: expect.stringMatching(/^AROA\w+:mary$/),
            cognitoIdentity: null,
          },
        },
      },
    });
    expect(event).not.toHaveProperty('body');
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event).not.toHaveProperty('stageVariables');
  });

  it.each([
    ['text as it is', 'application/json; charset=utf-8', '{"a":"ü"}', false],
    ['anything else in base64', 'application/octet-stream', 'bytes', true],
  ])('hands on a body: %s', async (_, type, body, isBase64Encoded) => {
    const event = (
      await send('PUT', '/services/web', {
        credentials: administrator,
        body,
        headers: { 'content-type': type },
      })
    ).json();

    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(event.body, isBase64Encoded ? 'base64' : 'utf8').toString()).toBe(body);
  });

  it.each<[string, () => Send, string]>([
    ['an unsigned request', () => ({}), 'GET'],
    ['a wrong signature', () => ({ credentials: { ...administrator, secretAccessKey: 'guess' } }), 'GET'],
    ['what the role may not invoke', () => ({ credentials: operator() }), 'DELETE'],
    [
      'the session of a role that may nothing',
      () => ({ credentials: iam.issueCredentials(functionRole, 's') }),
      'GET',
    ],
  ])('answers %s with 403', async (_, how, method) => {
    const answer = await send(method, '/services/web', how());

    expect([answer.status, answer.json()]).toEqual([403, { message: 'Forbidden' }]);
  });

  it('turns what a function returns into a response', async () => {
    const full = await send('POST', '/full');
    const bare = await send('GET', '/bare');
    const text = await send('GET', '/limited');

    expect([
      full.status,
      full.text,
      full.headers.get('x-made'),
      full.headers.get('content-type'),
      full.headers.getSetCookie(),
    ]).toEqual([201, 'made', '1', 'application/problem+json', ['a=1', 'b=2']]);
    expect([bare.status, bare.text, bare.headers.get('content-type')]).toEqual([
      202,
      '',
      'text/plain;charset=UTF-8',
    ]);
    expect([text.status, text.text, text.headers.get('content-type')]).toEqual([
      200,
      'plain words',
      'application/json',
    ]);
    expect(text.headers.get('apigw-requestid')).toBeTruthy();
  });

  it.each([
    ['GET', '/nowhere', 404, 'Not Found'],
    ['GET', '/full', 404, 'Not Found'],
    ['GET', '/services/', 404, 'Not Found'],
    ['GET', '/fails', 500, 'Internal Server Error'],
    ['GET', '/malformed', 500, 'Internal Server Error'],
    ['GET', '/forgotten', 500, 'Internal Server Error'],
    ['GET', '/slow', 503, 'Service Unavailable'],
  ])('answers %s %s with %d %s', async (method, path, status, message) => {
    const answer = await send(method, path);

    expect([answer.status, answer.json()]).toEqual([status, { message }]);
  });

  it('throttles a route beyond its burst and lets it in again at its rate', async () => {
    let time = systemClock.now() + 60_000;
    now = () => time;
    const statuses = [];
    for (let request = 0; request < 3; request += 1) statuses.push((await send('GET', '/limited')).status);
    const refused = await send('GET', '/limited');
    time += 1000;
    statuses.push((await send('GET', '/limited')).status);
    now = undefined;

    expect(statuses).toEqual([200, 200, 429, 200]);
    expect(refused.json()).toEqual({ message: 'Too Many Requests' });
  });

  it('writes the access log in the format of the stage', async () => {
    await send('GET', '/services/web', { credentials: operator() });

    const line = recorded.lines.filter(({ group }) => group === '/aws/http-api/landfall').at(-1);
    expect(JSON.parse(line?.message ?? '')).toEqual({
      routeKey: 'ANY /services/{service}',
      status: '200',
      user: 'arn:aws:sts::111122223333:assumed-role/operator/mary',
      none: '-',
    });
  });

  it('is reached by its host name too, and leaves requests for others alone', async () => {
    const apiId = url.split('/').at(-1);
    const get = (path: string, host: string) =>
      door.handle({ method: 'GET', path, query: '', headers: { host }, body: new Uint8Array() });
    const byHost = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        { port, path: '/bare', headers: { host: `${apiId}.execute-api.localhost:${port}` } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject).end();
    });
    const unknown = await fetch(`http://127.0.0.1:${port}/_api/unknownapi/x`);
    const other = await fetch(`http://127.0.0.1:${port}/other`);

    expect(byHost).toBe(202);
    expect([unknown.status, await unknown.json()]).toEqual([404, { message: 'Not Found' }]);
    expect(await other.json()).toHaveProperty('__type');
    expect(await get('/bare', 'localhost')).toBeUndefined();
  });

  it('refuses what it does not support', async () => {
    const { call } = createServiceCalls(context, [createHttpApi(context, {} as never).definition]);
    const { ApiId } = await call('apigateway', 'CreateApi', { Name: 'x', ProtocolType: 'HTTP' });

    await expect(call('apigateway', 'CreateApi', { Name: 'x', ProtocolType: 'WEBSOCKET' })).rejects.toThrow(
      /no WebSocket/,
    );
    await expect(call('apigateway', 'CreateRoute', { ApiId, RouteKey: 'FETCH /x' })).rejects.toThrow(
      /not formatted properly/,
    );
    await expect(
      call('apigateway', 'CreateRoute', { ApiId, RouteKey: 'GET /x', AuthorizationType: 'JWT' }),
    ).rejects.toThrow(/JWT/);
    await expect(
      call('apigateway', 'CreateIntegration', { ApiId, IntegrationType: 'HTTP_PROXY' }),
    ).rejects.toThrow(/HTTP_PROXY/);
    await expect(call('apigateway', 'CreateAuthorizer', { ApiId, AuthorizerType: 'JWT' })).rejects.toThrow(
      /authorizers/,
    );
    await expect(call('apigateway', 'GetApi', { ApiId: 'none' })).rejects.toMatchObject({ httpStatus: 404 });
  });
});

describe('route selection', () => {
  const keys = [
    'GET /pets/dog/1',
    'GET /pets/dog/{id}',
    'GET /pets/{proxy+}',
    'ANY /pets/dog/1',
    'ANY /{all+}',
    '$default',
    'GET /',
  ];
  const routes = keys.map((key) => parseRouteKey(key)!).reverse();

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['POST', '/pets/dog/1', 'ANY /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/3/x%2Fy', 'GET /pets/{proxy+}', { proxy: 'cat/3/x/y' }],
    ['POST', '/pets/cat', 'ANY /{all+}', { all: 'pets/cat' }],
    ['GET', '/', 'GET /', {}],
    ['POST', '/', '$default', {}],
  ])('sends %s %s to %s', (method, path, routeKey, pathParameters) => {
    expect(selectRoute(routes, method, path)).toMatchObject({ route: { routeKey }, pathParameters });
  });

  it.each(['GET', 'FETCH /x', 'GET x', 'GET /{all+}/x'])('refuses the route key %s', (key) => {
    expect(parseRouteKey(key)).toBeUndefined();
  });
});
