import type { Notifications } from '#lib/aws/notify/notifications.ts';
import type { Now } from '#lib/aws/sdk/clock.ts';
import type { DeploymentEnds, End } from '#lib/aws/table/deployment-ends.ts';
import type { Figure } from '#lib/deployment/notify/figures.ts';
import type { Notification } from '#lib/deployment/notify/notification.ts';

/** The end of one run of a deployment, as people are told of it and as it is recorded. */
export interface Ending extends End {
  about: Omit<Notification, 'status' | 'left' | 'error'>;
  status: Exclude<Notification['status'], 'RUNNING' | 'BUILD_FAILED'>;
}

export interface Endings {
  /**
   * Tells of an end, records it and counts it, unless that has been done. Told first: should the function end in
   * between, its next attempt tells it twice rather than nobody of it.
   */
  tell(ending: Ending, figures: () => readonly Figure[]): Promise<void>;
}

export function createEndings(
  ends: Pick<DeploymentEnds, 'isClosed' | 'close'>,
  notifications: Notifications,
  record: (figures: readonly Figure[]) => void,
  now: Now,
): Endings {
  return {
    async tell({ about, ...end }, figures) {
      const { service, deployment } = about;
      const { status, left, error, redriveCount } = end;
      if (!(await ends.isClosed(service, deployment, redriveCount)))
        await notifications.tell({ ...about, status, left, error });
      if (await ends.close(service, deployment, end, now())) record(figures());
    },
  };
}
