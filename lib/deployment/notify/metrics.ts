/**
 * Every metric that Landfall emits, with its dimensions and unit: what the dashboard and the alarms may name
 * (resources/dashboard.cjs, resources/alarms.cjs), and nothing else.
 */
export const METRICS = {
  /** A run that has ended, by its status; ROLLED_BACK is of a rollback by hand that went live. */
  Deployments: { dimensions: ['service', 'status'], unit: 'Count' },
  /** A deployment that has failed, by the name of its error. */
  Failures: { dimensions: ['service', 'error'], unit: 'Count' },
  /** A deployment that has changed the service, once, however often it is re-driven. A rollback is none. */
  Changes: { dimensions: ['service'], unit: 'Count' },
  /** One of these that failed, or that somebody rolled back once it was live. */
  FailedChanges: { dimensions: ['service'], unit: 'Count' },
  /** From the start of the build to the release being live. */
  LeadTime: { dimensions: ['service'], unit: 'Seconds' },
  /** From the change that failed to a good release running again: by rollback, or by the next one that went live. */
  TimeToRestore: { dimensions: ['service'], unit: 'Seconds' },
  /** From the start of the execution's last run to its end. */
  Duration: { dimensions: ['service'], unit: 'Seconds' },
  StateDuration: { dimensions: ['service', 'state'], unit: 'Seconds' },
  /** In the queue behind another deployment. */
  QueueTime: { dimensions: ['service'], unit: 'Seconds' },
  /** How long the claim has been held. Holder and waiter emit it every minute. */
  ClaimTime: { dimensions: ['service'], unit: 'Seconds' },
  /** A notification that was not delivered. */
  NotificationsFailed: { dimensions: ['service'], unit: 'Count' },
} as const;

export type MetricName = keyof typeof METRICS;

export interface Metric {
  name: MetricName;
  value: number;
  dimensions: Record<string, string>;
}

export const createMetric = (
  name: MetricName,
  value: number,
  dimensions: Record<string, string>,
): Metric => ({
  name,
  value,
  dimensions,
});

/** Between two moments in epoch milliseconds. */
export const secondsBetween = (from: number, until: number) => Math.max(0, until - from) / 1000;
