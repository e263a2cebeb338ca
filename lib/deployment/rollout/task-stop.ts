/** What DescribeTasks says of a task, as far as the decisions need it. Times are epoch milliseconds. */
export interface TaskObservation {
  taskArn: string;
  lastStatus: string;
  desiredStatus?: string;
  startedBy?: string;
  stopCode?: string;
  stoppedReason?: string;
  stoppedAt?: number;
  createdAt?: number;
  taskDefinition?: string;
  /** HEALTHY or UNHEALTHY by the containers' own health checks; UNKNOWN before they have answered, or without any. */
  healthStatus?: string;
  containers: ContainerObservation[];
}

export interface ContainerObservation {
  name: string;
  /** Absent when the container never started. */
  exitCode?: number;
  reason?: string;
  /** As the task definition names it. */
  image?: string;
  /** As the task definition says; a container that it does not name counts as essential. */
  essential: boolean;
}

/** One sentence on why a task stopped: the container that ended it, its exit code and reason, else ECS's own words. */
export function explainStop(task: TaskObservation): {
  reason: string;
  container?: string;
  exitCode?: number;
} {
  const own = [task.stopCode, task.stoppedReason].filter((part) => part !== undefined).join(': ');
  if (task.stopCode === 'ServiceSchedulerInitiated') return explainStopByEcs(task, own);
  const failed = task.containers.filter((each) => each.essential && each.exitCode);
  const culprit =
    failed.find((each) => !wasSignalled(each)) ??
    failed[0] ??
    task.containers.find((each) => each.essential && each.reason !== undefined);
  if (culprit === undefined) return { reason: own || 'ECS gives no reason' };
  const code = culprit.exitCode === undefined ? 'never started' : `exited with code ${culprit.exitCode}`;
  const reason = [`container ${culprit.name} ${code}`, culprit.reason, own].filter((part) => part).join(', ');
  return {
    reason,
    container: culprit.name,
    ...(culprit.exitCode === undefined ? {} : { exitCode: culprit.exitCode }),
  };
}

/** Ended by ECS's SIGTERM or SIGKILL, as the other containers of a task are when an essential one has ended it. */
const wasSignalled = ({ exitCode, reason }: ContainerObservation) =>
  reason === undefined && (exitCode === 143 || exitCode === 137);

/** The exit code is then only that of the signal; the container is named all the same, for its log. */
function explainStopByEcs({ containers }: TaskObservation, reason: string) {
  const container = containers.find((each) => each.essential);
  return { reason, ...(container === undefined ? {} : { container: container.name }) };
}
