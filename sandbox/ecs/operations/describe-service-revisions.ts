import type { DescribeServiceRevisionsRequest, DescribeServiceRevisionsResponse } from '@aws-sdk/client-ecs';
import { serviceNamedBy } from '../services/find-service-deployment.ts';
import type { Ecs } from '../state.ts';

export const describeServiceRevisions =
  (ecs: Ecs) =>
  (input: DescribeServiceRevisionsRequest): DescribeServiceRevisionsResponse => {
    const arns = input.serviceRevisionArns ?? [];
    const find = (arn: string) =>
      serviceNamedBy(ecs, arn)?.revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
    return {
      serviceRevisions: arns.flatMap((arn) => find(arn) ?? []),
      failures: arns.filter((arn) => !find(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
    };
  };
