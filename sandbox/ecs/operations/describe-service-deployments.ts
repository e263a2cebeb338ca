import type {
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
} from '@aws-sdk/client-ecs';
import { copy } from '#sandbox/core/copy.ts';
import { findServiceDeployment } from '../services/find-service-deployment.ts';
import type { Ecs } from '../state.ts';

export const describeServiceDeployments =
  (ecs: Ecs) =>
  (input: DescribeServiceDeploymentsRequest): DescribeServiceDeploymentsResponse => {
    const arns = input.serviceDeploymentArns ?? [];
    return {
      serviceDeployments: arns
        .flatMap((arn) => findServiceDeployment(ecs, arn)?.deployment ?? [])
        .map((deployment) => copy(deployment)),
      failures: arns
        .filter((arn) => !findServiceDeployment(ecs, arn))
        .map((arn) => ({ arn, reason: 'MISSING' })),
    };
  };
