import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Who is asking, as STS GetCallerIdentity would say it. */
export interface Caller {
  accountId: string;
  /** `arn:aws:sts::…:assumed-role/NAME/SESSION`, `arn:aws:iam::…:user/NAME` or `arn:aws:iam::…:root`. */
  arn: string;
  userId: string;
  /** Role name for an assumed role: its policies are enforced. Absent: the account's administrator. */
  roleName?: string;
}

export interface OperationContext {
  caller: Caller;
  requestId: string;
  /** X-Amzn-Trace-Id, where the caller is traced. */
  traceHeader?: string | undefined;
}

/**
 * One AWS operation: the input as the SDK's command takes it (already validated against the SDK's own
 * schema), the output as the SDK's command returns it (timestamps as Date, blobs as Uint8Array).
 * Fails with AwsError. One operation is one small file of the same name (`ecs/operations/update-service.ts`).
 */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds operations of every shape; each is typed where it is written
export type Operation<Input = any, Output = any> = (
  input: Input,
  context: OperationContext,
) => Promise<Output> | Output;

/** What IAM has to allow for one request. */
export interface AuthorizationRequest {
  action: string;
  /** ARNs; an action without resource-level permission asks for '*'. */
  resources: string[];
  /** Condition keys of this request, lower-case name → value: `ecs:cluster`, `iam:passedtoservice`. */
  conditions?: Record<string, string | string[]>;
}

/**
 * A service of the local AWS: what the front door needs in order to serve it on the wire.
 * Protocol, shapes and the target prefix are read from the SDK's client package (`sdk`), so that they are
 * never written down a second time.
 */
export interface ServiceDefinition {
  /** SigV4 signing name: ecs, states, codebuild, ecr, events, logs, sns, sts, elasticloadbalancing, s3, … */
  signingName: string;
  /** The module namespace of `@aws-sdk/client-…`. */
  sdk: Record<string, unknown>;
  /** By operation name as the API spells it: UpdateService. */
  operations: Record<string, Operation>;
  /**
   * What the caller must be allowed to do. Default: `{signingName or iamPrefix}:{Operation}` on '*'.
   * Several requests when an operation needs more than one permission (RunTask and iam:PassRole).
   */
  authorize?: (operation: string, input: Record<string, unknown>) => AuthorizationRequest[] | undefined;
  /** IAM action prefix where it differs from the signing name. */
  iamPrefix?: string;
}

/** An event as EventBridge carries it. */
export interface AwsEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

/** What every service of the sandbox is given. */
export interface SandboxContext {
  clock: Clock;
  random: Random;
  accountId: string;
  region: string;
  /** A folder of this sandbox's own, removed when it stops. */
  directory: string;
  /** `http://127.0.0.1:PORT`, known once the front door listens. */
  endpoint(): string;
  /** Puts an event of an AWS service on the default event bus. Never fails, never blocks. */
  emit(event: Pick<AwsEvent, 'source' | 'detail-type' | 'resources' | 'detail'>): void;
  /** One line for whoever debugs the sandbox itself; silent unless asked for. */
  debug(message: string): void;
}
