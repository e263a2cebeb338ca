/**
 * Every error that the machine may catch or show, in one place. A redrive goes on with the settings that services.yml
 * had when the deployment began, so that no remedy changes services.yml and redrives. The name is the literal that the state machine's
 * Catch, the API's answers, the runbook and the notifications use. A message reads
 * "{what happened}: {why}; {what to do}".
 */
interface ErrorMeaning {
  /** One sentence: what happened. */
  happened: string;
  /** One sentence: what to do about it. Where an error is thrown more may be known: it may say what to do instead. */
  remedy: string;
  /** The same where nothing has been started yet, so that there is nothing to redrive: what the API says. */
  beforehand?: string;
  /** What an HTTP caller is answered, where the API can meet the error. */
  httpStatus?: number;
  /** UpdateService fails with it before ECS has changed anything: not allowed to act, or refused by ECS. */
  changedNothing?: true;
  /** What runs is somebody else's business by now: another deployment's, or theirs who changed the service in ECS. */
  takenOver?: 'by a deployment' | 'in ECS';
  /** The service may not be led back either: it is somebody else's, frozen, or nobody can tell. */
  noRollback?: true;
  /** RunMigration and AwaitMigration fail with it when the migration's containers have never run. */
  neverMigrated?: true;
}

export const errors = {
  // What was asked for.
  UnknownService: {
    happened: 'No such service is configured',
    remedy: 'add it to services.yml and deploy Landfall again, or correct the name',
    httpStatus: 404,
  },
  InvalidConfiguration: {
    happened: 'services.yml cannot be used',
    remedy: 'correct the entry it names and deploy Landfall again',
    httpStatus: 500,
  },
  InvalidEvent: {
    happened: 'An event is not of the form that this function handles',
    remedy: 'check the rule or the caller that sent it; nothing was changed',
    httpStatus: 400,
  },
  InvalidRequest: {
    happened: 'The request cannot be accepted',
    remedy: 'correct the fields it names and send it again',
    httpStatus: 400,
  },
  IdempotencyKeyReused: {
    happened: 'The Idempotency-Key belongs to another request',
    remedy: 'send this one with a key of its own; a key is remembered for 90 days',
    httpStatus: 422,
  },
  RequestInProgress: {
    happened: 'The same request is being performed',
    remedy: 'send it again with the same key in a few seconds, at most 30',
    httpStatus: 409,
  },
  InvalidDocument: {
    happened: 'The deployment document is not of the form that the states exchange',
    remedy:
      'start deployments by a push or through the API; a document written by hand has to match the schema',
  },
  BuildFailed: {
    happened: 'The build did not produce a release',
    remedy: 'read the build log, fix the commit and push again; the running service is untouched',
  },
  NotBuilt: {
    happened: 'There is no build of that commit',
    remedy: 'push it to the branch that deploys, or deploy it as a ref, which builds it first',
    httpStatus: 422,
  },
  BuildNotFound: {
    happened: 'The service has no such build',
    remedy: 'take the id from the answer to a ref, or from CodeBuild, which keeps builds for a year',
    httpStatus: 404,
  },

  // What is asked of a deployment that there is.
  DeploymentNotFound: {
    happened: 'The service has no such deployment',
    remedy: "take a name from the service's deployments; records are kept for history.days",
    httpStatus: 404,
  },
  NotRedrivable: {
    happened: 'Step Functions does not redrive this deployment',
    remedy: 'deploy its commit or image again instead',
    httpStatus: 409,
  },
  NotRunning: {
    happened: 'The deployment has ended already',
    remedy: 'there is nothing to stop; see what runs before anything is undone',
    httpStatus: 409,
  },

  // Whose turn it is.
  ServiceFrozen: {
    happened: 'The service is frozen',
    remedy: 'wait until the freeze ends or lift it, then redrive',
    beforehand: 'wait until the freeze ends or lift it, then ask again',
    httpStatus: 409,
    changedNothing: true,
    noRollback: true,
  },
  DeploymentInProgress: {
    happened: 'Another deployment of this service is in progress',
    remedy: 'wait until it has ended, then redrive or deploy again',
    beforehand: 'wait until it has ended, then ask again',
    httpStatus: 409,
  },
  Superseded: {
    happened: 'Another deployment took the place of this one',
    remedy: 'nothing where that one contains this change, else deploy this one again after it',
    httpStatus: 409,
  },
  ClaimLost: {
    happened: 'This deployment no longer holds the claim on its service',
    remedy: 'redrive it: it queues again and goes on from the step that failed',
    changedNothing: true,
    takenOver: 'by a deployment',
    noRollback: true,
  },
  NewerReleaseLive: {
    happened: 'A newer release has gone live since this deployment failed',
    remedy: 'deploy a new commit, or roll back explicitly if the older release is wanted',
    httpStatus: 409,
    changedNothing: true,
    takenOver: 'by a deployment',
    noRollback: true,
  },
  StateUnavailable: {
    happened: "The service's claim and freeze could not be read or written, which counts as frozen",
    remedy: 'check the DynamoDB table and its permissions, then redrive',
    beforehand: 'check the DynamoDB table and its permissions, then ask again',
    httpStatus: 503,
    changedNothing: true,
    noRollback: true,
  },

  // AWS itself.
  AwsUnavailable: {
    happened: 'An AWS service did not answer properly, also when asked again',
    remedy: 'check the AWS Health Dashboard, then redrive',
    beforehand: 'check the AWS Health Dashboard, then ask again',
    httpStatus: 503,
  },
  AccessDenied: {
    happened: 'AWS refused a call for lack of permission',
    remedy: 'grant the action to the role that it names, then redrive',
    beforehand: 'grant the action to the role that it names, then ask again',
    httpStatus: 500,
    changedNothing: true,
  },
  FunctionCrashed: {
    happened: 'A function of Landfall itself did not come to its end, also when run again',
    remedy: 'read its log; give it more time or memory where it ran out of them, then redrive',
    httpStatus: 500,
  },

  // Pre-flight.
  ImageNotFound: {
    happened: 'The image is not in its repository',
    remedy: 'push the image or build the commit again, then redrive',
    beforehand: 'push the image or build the commit again, or name one that is there',
    httpStatus: 422,
  },
  BundleUnreadable: {
    happened: 'The release bundle cannot be used',
    remedy: 'check the ecs/ folder of the commit and the artifacts of its build, then push again',
    httpStatus: 422,
  },
  ContainerNotFound: {
    happened: 'The task definition has no container for the image',
    remedy:
      'tag its image LAST_COMMIT in the template, or name the container in services.yml; then push again',
  },
  RoleNotFound: {
    happened: 'A role named in the task definition does not exist or may not be passed',
    remedy:
      'create the role, then redrive; or list it under roles in services.yml, deploy Landfall again and push again',
    beforehand: 'create the role, or list it under roles in services.yml and deploy Landfall again',
  },
  SecretNotFound: {
    happened: 'A secret named in the task definition does not exist',
    remedy: 'create the secret or the parameter, then redrive',
    beforehand: 'create the secret or the parameter first',
  },
  ClusterNotFound: {
    happened: 'The ECS cluster is missing or inactive',
    remedy:
      'create the cluster, then redrive; or correct its name in services.yml, deploy Landfall again and push again',
    beforehand: 'create the cluster, or correct its name in services.yml and deploy Landfall again',
  },
  ServiceUnusable: {
    happened: 'The ECS service cannot be deployed to',
    remedy: 'wait until it has drained or correct its template, then redrive',
    beforehand: 'wait until it has drained, then ask again',
    takenOver: 'in ECS',
    noRollback: true,
  },
  PlacementImpossible: {
    happened: 'The cluster cannot place the new tasks beside the running ones',
    remedy:
      'add a container instance, lower minimumHealthyPercent so that ECS may stop old tasks first, or use dynamic host ports',
  },

  // The task definition and the migration.
  TaskDefinitionRejected: {
    happened: 'ECS refused the task definition',
    remedy: 'correct the template in the ecs/ folder and push again',
  },
  MigrationFailed: {
    happened: 'The migration failed',
    remedy: 'fix its cause, then redrive to run it anew, or push a fixed commit',
  },
  MigrationNotStarted: {
    happened: 'The migration could not be started',
    remedy: 'make room on the cluster or fix what ECS names, then redrive',
    neverMigrated: true,
  },
  MigrationInProgress: {
    happened: 'The migration of another release still runs',
    remedy: 'wait until its task has stopped, or stop it, then redrive',
    neverMigrated: true,
  },
  MigrationTimedOut: {
    happened: 'The migration ran past its timeout',
    remedy:
      'check what it left half done, then redrive; if it needs longer, raise migration.timeoutSeconds and push again',
  },

  // The rollout.
  RolloutRejected: {
    happened: 'ECS refused the update of the service',
    remedy: 'correct what ECS names, then redrive',
    changedNothing: true,
  },
  RolloutCrashLoop: {
    happened: 'The new tasks keep stopping',
    remedy: 'read the reason and the log below, push a fix, or redrive if the cause lay elsewhere',
  },
  RolloutFailed: {
    happened: 'ECS gave up the deployment',
    remedy: 'read the reason, push a fix, or redrive if the cause lay elsewhere',
  },
  RolloutRolledBack: {
    happened: 'ECS rolled the service back by itself',
    remedy: 'the previous revision is running; push a fix, or redrive if the cause lay elsewhere',
  },
  RolloutReplaced: {
    happened: "Somebody else's deployment replaced this one in ECS",
    remedy: 'find out who updated the service by hand; redrive to deploy this release after all',
    takenOver: 'in ECS',
    noRollback: true,
  },
  PlacementFailed: {
    happened: 'ECS cannot place the new tasks',
    remedy: 'make room on the cluster (static host ports need a free instance each), then redrive',
  },
  RolloutTimedOut: {
    happened: 'The rollout did not settle in time',
    remedy:
      'read the service events, then redrive; if it only needs longer, raise rollout.timeoutSeconds and push again',
  },
  HealthCheckFailed: {
    happened: 'The load balancer does not find the new tasks healthy',
    remedy: 'fix what the targets answer, then push; redrive if the cause lay elsewhere',
  },

  // The way back.
  RollbackFailed: {
    happened: 'The deployment failed and so did its rollback',
    remedy:
      'the service needs a person now: see what is running, repair it, then redrive or roll back by hand',
  },
  SchemaAhead: {
    happened: 'A migration has run since that the earlier release cannot live with',
    remedy: 'deploy a fix instead; or take the schema back by hand, then roll back with force',
    httpStatus: 409,
    changedNothing: true,
    noRollback: true,
  },
  NothingToRollBackTo: {
    happened: 'There is no earlier release to roll back to',
    remedy: 'deploy a working release; the first one that goes live becomes the last known good',
    httpStatus: 409,
  },
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorName = keyof typeof errors;

export const isErrorName = (name: string): name is ErrorName => Object.hasOwn(errors, name);

/** What an error says of the service beside its sentences. deploy.asl.yml asks the same: a test holds its lists to these. */
type Flag = 'changedNothing' | 'takenOver' | 'noRollback' | 'neverMigrated';

/** The flag's value for the error of this name; undefined for a name that is none of ours. */
export function flagOf<F extends Flag>(name: string | undefined, flag: F): ErrorMeaning[F] {
  const meaning: ErrorMeaning | undefined = isErrorName(name ?? '') ? errors[name as ErrorName] : undefined;
  return meaning?.[flag];
}

/** The names of all errors that have the flag. */
export const errorsWith = (flag: Flag): ErrorName[] =>
  (Object.keys(errors) as ErrorName[]).filter((name) => flagOf(name, flag) !== undefined);

/** Whether the service is another deployment's by now. */
export const isTakenOver = (name: string | undefined) => flagOf(name, 'takenOver') === 'by a deployment';

/** What a failure can tell beside its sentence; kept with the deployment's record. */
export interface FailureDetail {
  reason?: string;
  exitCode?: number;
  container?: string;
  taskArn?: string;
  logTail?: string[];
}

/** The one class of errors that Landfall raises; Lambda and Step Functions see `name` as the error's type. */
export class DeploymentError extends Error {
  override readonly name: ErrorName;
  readonly detail: FailureDetail;
  /** The message where nothing has been started yet: as the API says it. */
  readonly refusal: string;

  /**
   * `why` completes the sentence: what was found, with names and numbers, without a full stop. So does `remedy`, where
   * something better can be said than the name's own.
   */
  constructor(
    name: ErrorName,
    why: string,
    { remedy, detail = {}, cause }: { remedy?: string; detail?: FailureDetail; cause?: unknown } = {},
  ) {
    const meaning: ErrorMeaning = errors[name];
    const sentence = (otherwise: string) => `${meaning.happened}: ${why}; ${remedy ?? otherwise}.`;
    super(sentence(meaning.remedy), { cause });
    this.name = name;
    this.detail = detail;
    this.refusal = sentence(meaning.beforehand ?? meaning.remedy);
  }
}
