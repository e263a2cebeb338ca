import * as z from 'zod';
import { DeploymentError } from './errors.ts';
import { Instant } from './instant.ts';
import { ServiceOutcome } from './service-outcome.ts';
import { ServiceName, ServiceSettings } from './settings.ts';

/** What is to be deployed. Byte-stable for one build: no timestamps, no event ids (executions are named after it). */
export const Release = z.strictObject({
  /** Repository URI without tag or digest. */
  image: z.string().min(1),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  commit: z.string().optional(),
  branch: z.string().optional(),
  author: z.string().optional(),
  message: z.string().optional(),
  build: z
    .strictObject({ id: z.string(), number: z.number().int().positive(), startedAt: Instant })
    .optional(),
  /** Where the bundle is: release.json and the application's ecs/ folder. Absent: the running definition is the template. */
  bundle: z.strictObject({ bucket: z.string().min(1), prefix: z.string() }).optional(),
  /** A rollback names a revision that has been live: nothing is registered, nothing is migrated. */
  taskDefinition: z.string().optional(),
  skipMigration: z.boolean().optional(),
});
export type Release = z.infer<typeof Release>;

/** A migration that is not backward compatible: what went live before `at` cannot run on the schema any more. */
export const SchemaAhead = z.strictObject({ deployment: z.string(), at: Instant });
export type SchemaAhead = z.infer<typeof SchemaAhead>;

export const LastKnownGood = z.strictObject({
  deployment: z.string(),
  taskDefinition: z.string(),
  digest: z.string().optional(),
  commit: z.string().optional(),
  at: Instant,
});
export type LastKnownGood = z.infer<typeof LastKnownGood>;

/** An ECS deployment that is being waited for. */
export const Rollout = z.strictObject({
  deploymentId: z.string(),
  taskDefinition: z.string(),
  startedAt: Instant,
  deadline: Instant,
});
export type Rollout = z.infer<typeof Rollout>;

/** What a Catch keeps. `redriveCount` is that of the run that failed: a higher one on re-entry means a redrive. */
export const Failure = z.strictObject({
  state: z.string(),
  error: z.string(),
  cause: z.string(),
  redriveCount: z.number().int().nonnegative(),
});
export type Failure = z.infer<typeof Failure>;

/** What started a deployment: a build of a push, or a person who named a ref, an image, a commit or a release of before. */
const TriggerKind = z.enum(['push', 'ref', 'image', 'commit', 'rollback']);

export const Trigger = z.strictObject({
  kind: TriggerKind,
  requestedBy: z.string().optional(),
  /** A rollback by hand that goes on also while the service is frozen. */
  force: z.literal(true).optional(),
  /** It may go live across a migration that is not backward compatible: whoever asked for it knows. */
  acrossSchema: z.literal(true).optional(),
});

/** What a deployment keeps from one of its runs to the next: a redrive takes it over. */
export const KeptOfDocument = z.object({
  /** The execution's name. */
  deployment: z.string().min(1).max(80),
  service: ServiceName,
  settings: ServiceSettings,
  trigger: Trigger,
  release: Release,

  /** As it was when this deployment first got its claim; null when nothing had gone live by then. */
  lastKnownGood: LastKnownGood.nullable().optional(),
  /** What ran before anything was changed; null when the service did not exist. */
  running: z.strictObject({ taskDefinition: z.string() }).nullable().optional(),
  taskDefinition: z.strictObject({ arn: z.string(), reused: z.boolean() }).optional(),
  migration: z
    .strictObject({
      attempt: z.number().int().positive(),
      taskArn: z.string(),
      deadline: Instant,
      status: z.enum(['running', 'succeeded']),
    })
    .optional(),
  /** Set by HaltDeployment when it is re-driven. */
  resume: z
    .strictObject({
      from: z.string(),
      after: z.string(),
      count: z.number().int().positive(),
      /** What the service ran after the last run that touched it, in a sentence. */
      serviceOutcomeText: z.string().optional(),
      /** The same as a value. */
      serviceOutcome: ServiceOutcome.optional(),
    })
    .optional(),
});
export type KeptOfDocument = z.infer<typeof KeptOfDocument>;

/** What belongs to one run alone: a redrive begins without it. */
export const RunOfDocument = z.object({
  /** The last migration that is not backward compatible, as it was known when this run got its claim. */
  schemaAhead: SchemaAhead.optional(),
  claim: z
    .strictObject({
      fence: z.number().int().positive(),
      redriveCount: z.number().int().nonnegative(),
      /** Since when it is held. */
      since: Instant.optional(),
      /** The last call by which this run changed the world, by its id: it has ended, as the state that made it has. */
      lastAct: z.string().optional(),
    })
    .optional(),
  rollout: Rollout.optional(),
  health: z
    .strictObject({
      verdict: z.enum(['waiting', 'healthy']),
      consecutive: z.number().int().nonnegative(),
      deadline: Instant,
      reason: z.string().optional(),
    })
    .optional(),
  failure: Failure.optional(),
  rollback: Rollout.optional(),
  rollbackDone: z.boolean().optional(),
  rollbackFailure: Failure.optional(),
});

/**
 * The deployment document: the input and the output of every state of the pipeline. A new field goes into one of its two
 * parts, so that somebody has decided whether a redrive keeps it.
 */
export const DeploymentDocument = z.strictObject({ ...KeptOfDocument.shape, ...RunOfDocument.shape });
export type DeploymentDocument = z.infer<typeof DeploymentDocument>;

/** Checks a document at the pipeline's edge. Fails with InvalidDocument. */
export function parseDocument(value: unknown): DeploymentDocument {
  const parsed = DeploymentDocument.safeParse(value);
  if (!parsed.success) throw new DeploymentError('InvalidDocument', z.prettifyError(parsed.error));
  return parsed.data;
}

/** What the machine hands to every Task's function beside the document. */
export const StateInput = z.object({
  document: DeploymentDocument,
  execution: z.object({
    arn: z.string().min(1),
    /** 0 before the first redrive. */
    redriveCount: z.number().int().nonnegative(),
    startedAt: Instant,
    /** The last redrive. */
    redrivenAt: Instant.optional(),
  }),
  /** Only for the Tasks that wait for a callback. */
  taskToken: z.string().min(1).optional(),
});
export type StateInput = z.infer<typeof StateInput>;

/** The value that a state cannot work without; its absence is a defect of the machine, not of the deployment. */
export function requireValue<T>(value: T | undefined | null, name: string): T {
  if (value === undefined || value === null) {
    throw new DeploymentError('InvalidDocument', `"${name}" is missing at a state that needs it`);
  }
  return value;
}

/** The run that an execution is in, and when it began. */
export const runOf = ({ redriveCount, startedAt, redrivenAt = startedAt }: StateInput['execution']) => ({
  redriveCount,
  since: redrivenAt,
});
