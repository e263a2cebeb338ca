import type { DeleteServiceRequest, DeleteServiceResponse } from '@aws-sdk/client-ecs';
import { invalidParameter, serviceNotActive } from '../errors.ts';
import { getCluster, getService } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { serviceView } from '../views/service.ts';

/** DRAINING until its last task has stopped, INACTIVE then. */
export const deleteService =
  (ecs: Ecs) =>
  (input: DeleteServiceRequest): DeleteServiceResponse => {
    const service = getService(getCluster(ecs, input.cluster), input.service ?? '');
    if (service.status === 'INACTIVE') throw serviceNotActive();
    if (!input.force && service.desiredCount > 0) {
      throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
    }
    service.status = 'DRAINING';
    service.desiredCount = 0;
    ecs.wake(service);
    return { service: serviceView(service, ['TAGS']) };
  };
