/** What DescribeTasks says of a task, as far as the decisions need it. Times are epoch milliseconds. */
export interface TaskObservation {
  taskArn: string;
  lastStatus: string;
  desiredStatus?: string;
  startedBy?: string;
  stopCode?: string;
  stoppedReason?: string;
  stoppedAt?: number;
  containers: ContainerObservation[];
}

export interface ContainerObservation {
  name: string;
  /** Absent when the container never started. */
  exitCode?: number;
  reason?: string;
  /** As the task definition says; a container that it does not name counts as essential. */
  essential: boolean;
}

/** One sentence on why a task stopped: the container that ended it, its exit code and reason, else ECS's own words. */
export function whyStopped(task: TaskObservation): { reason: string; container?: string; exitCode?: number } {
  const culprit =
    task.containers.find((each) => each.essential && each.exitCode !== undefined && each.exitCode !== 0) ??
    task.containers.find((each) => each.essential && each.reason !== undefined);
  const own = [task.stopCode, task.stoppedReason].filter((part) => part !== undefined).join(': ');
  if (culprit === undefined) return { reason: own || 'ECS gives no reason' };
  const code = culprit.exitCode === undefined ? 'never started' : `exited with code ${culprit.exitCode}`;
  const reason = [`container ${culprit.name} ${code}`, culprit.reason, own].filter((part) => part).join(', ');
  return {
    reason,
    container: culprit.name,
    ...(culprit.exitCode === undefined ? {} : { exitCode: culprit.exitCode }),
  };
}
