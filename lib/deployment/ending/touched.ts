import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { flagOf } from '#lib/deployment/errors.ts';

/** Whether ECS may have got the order to change the service: true once UpdateService may have called it. */
export const isTouched = ({ rollout, failure }: DeploymentDocument) =>
  rollout !== undefined || (failure?.state === 'UpdateService' && !flagOf(failure.error, 'changedNothing'));
