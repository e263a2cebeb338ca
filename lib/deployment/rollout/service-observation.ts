/** What DescribeServices says, as far as the decision needs it. Times are epoch milliseconds. */
export interface ServiceObservation {
  status: string;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  taskDefinition: string;
  deployments: EcsDeployment[];
  /** ECS's default is 100. */
  minimumHealthyPercent?: number;
  events: { at: number; message: string }[];
}

export interface EcsDeployment {
  id: string;
  status: string;
  taskDefinition: string;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  failedTasks: number;
  /** Not returned behind a classic load balancer. */
  rolloutState?: string;
  rolloutStateReason?: string;
}
