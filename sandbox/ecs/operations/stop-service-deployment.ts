import type { StopServiceDeploymentRequest, StopServiceDeploymentResponse } from '@aws-sdk/client-ecs';
import { AwsError } from '#sandbox/core/errors.ts';
import { unsupported } from '../errors.ts';
import { rollBack } from '../scheduler/deployments.ts';
import { currentServiceDeployment, rollServiceDeploymentBack } from '../scheduler/service-deployments.ts';
import { findServiceDeployment } from '../services/find-service-deployment.ts';
import type { Ecs } from '../state.ts';

/** Stops a deployment by rolling back to the latest completed one. */
export const stopServiceDeployment =
  (ecs: Ecs) =>
  (input: StopServiceDeploymentRequest): StopServiceDeploymentResponse => {
    const { serviceDeploymentArn = '', stopType = 'ROLLBACK' } = input;
    if (stopType !== 'ROLLBACK') throw unsupported(`The stop type ${stopType}`);
    const found = findServiceDeployment(ecs, serviceDeploymentArn);
    if (!found)
      throw new AwsError('ServiceDeploymentNotFoundException', 'The service deployment was not found.');
    const { service, deployment } = found;
    const stoppable = deployment.status === 'PENDING' || deployment.status === 'IN_PROGRESS';
    if (!stoppable || currentServiceDeployment(service) !== deployment) {
      throw new AwsError(
        'ConflictException',
        'The service deployment cannot be stopped in its present state.',
      );
    }
    const [primary] = service.deployments;
    // How DescribeServices words this is not documented: the wording is this sandbox's own.
    const why = 'ECS deployment stopped by StopServiceDeployment';
    if (!rollBack(ecs, service, why)) {
      throw new AwsError('ConflictException', 'There is no completed service deployment to roll back to.');
    }
    if (primary) Object.assign(primary, { rolloutState: 'FAILED', rolloutStateReason: `${why}.` });
    deployment.status = 'ROLLBACK_REQUESTED';
    rollServiceDeploymentBack(ecs, service, `${why}.`);
    return { serviceDeploymentArn };
  };
