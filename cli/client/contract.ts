import type {
  describeBuild,
  describeDeployment,
  describeFreeze,
  describeLogs,
  describeService,
  summarizeDeployment,
} from '#lib/deployment/record/status.ts';
import type { Change } from '#lib/deployment/release/diff.ts';

/** What the API answers, as docs/openapi.yaml has it: the types are those of the functions that make the answers. */
export type Service = ReturnType<typeof describeService>;
export type Freeze = ReturnType<typeof describeFreeze>;
/** A freeze that has just been put in force. */
export type Frozen = Freeze & { replaced: Freeze | null; claim: Service['claim'] };
export interface Unfrozen {
  service: string;
  freeze: null;
  lifted: Freeze | null;
}
export type DeploymentSummary = ReturnType<typeof summarizeDeployment>;
export type Deployment = ReturnType<typeof describeDeployment>;
export type Build = ReturnType<typeof describeBuild>;
/** As of GET …/logs. */
export type Logs = ReturnType<typeof describeLogs> & { nextCursor: string };
export type LogLine = Logs['lines'][number];
export interface LogQuery {
  limit: number;
  cursor?: string | undefined;
  container?: string | undefined;
  migration?: boolean | undefined;
}
export type Step = Deployment['steps'][number];
export type EcsDeployment = NonNullable<Service['running']>['deployments'][number];
export type FailedTask = NonNullable<NonNullable<Service['running']>['failedTasks']>[number];
export type { Change };

/** What to deploy. */
export type DeploymentRequest = { image: string } | { commit: string } | { ref: string };

/** Where to go back to: the release before this one, or that of a deployment. */
export interface RollbackRequest {
  to?: string;
  force?: boolean;
  /** Freezes the service in the same moment. */
  freeze?: { reason: string; until?: string };
}

export interface StartedDeployment {
  service: string;
  deployment: string;
  execution: string;
  correlationId: string;
  digest?: string;
  /** Of a rollback: somebody has asked for the same before. */
  joined?: boolean;
}

/** A build whose success will start a deployment. */
export interface StartedBuild {
  service: string;
  build: string;
  correlationId: string;
  ref: string;
}

export interface DryRun extends Pick<Service, 'claim' | 'waiter' | 'freeze'> {
  service: string;
  digest: string;
  taskDefinition: Change[];
  serviceDefinition: Change[];
  verification: { passed: boolean; problem: { error: string; message: string } | null };
}

/** An error of the API (RFC 9457); its title is a name of lib/deployment/errors.ts. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
}
