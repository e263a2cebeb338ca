import * as z from 'zod';
import { Trigger } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { Instant } from '#lib/deployment/instant.ts';
import { ServiceOutcome } from '#lib/deployment/service-outcome.ts';

/** A state that a deployment has been through, as lib/deployment/record/steps.ts reads it from the execution's history. */
export const Step = z.object({
  state: z.string(),
  startedAt: Instant,
  /** null while the deployment is in it. */
  endedAt: Instant.nullable(),
  /** How often its function was tried: 1, and one more for every retry after a failure. */
  attempts: z.number().int().positive(),
  /** How often it looked in all, where it looks until it likes what it sees. */
  looks: z.number().int().positive().optional(),
  /** What it failed with in the end. */
  error: z.string().optional(),
});
export type Step = z.infer<typeof Step>;

/** The failure that ended a deployment. */
export const RecordedFailure = z.object({
  state: z.string(),
  error: z.string(),
  message: z.string(),
  detail: z.object({
    reason: z.string().optional(),
    exitCode: z.number().int().optional(),
    container: z.string().optional(),
    taskArn: z.string().optional(),
    logTail: z.array(z.string()).optional(),
  }),
});

const Status = z.enum(['RUNNING', 'SUCCEEDED', 'SUPERSEDED', 'FAILED', 'ABORTED', 'TIMED_OUT']);

/** What the record says of one run: of the one under way, or else of the last one. */
export const RunOfRecord = z.object({
  status: Status,
  redriveCount: z.number().int(),
  /** When the run began, where it is a redrive. */
  redrivenAt: Instant.optional(),
  endedAt: Instant.optional(),
  /** The revision that went live. */
  taskDefinition: z.string().optional(),
  error: z.string().optional(),
  message: z.string().optional(),
  /** Of a run that is over, where it is known. */
  serviceOutcome: ServiceOutcome.optional(),
  /** Set by whoever found the execution over before its result was reported. Reporting it removes the mark. */
  provisional: z.boolean().optional(),
  /** Both from the execution's history, once it has ended. */
  steps: z.array(Step).optional(),
  failure: RecordedFailure.optional(),
});

/**
 * How a run ended after which there was another. Its steps would be too many. Its failure is missing where the next run
 * began before the execution's history was read.
 */
export const FormerRun = RunOfRecord.omit({
  redrivenAt: true,
  taskDefinition: true,
  provisional: true,
  steps: true,
});
export type FormerRun = z.infer<typeof FormerRun>;

/** What the record says of the deployment over all its runs: each run takes it over. */
export const KeptOfRecord = z.object({
  deployment: z.string(),
  service: z.string(),
  execution: z.string(),
  startedAt: Instant,
  commit: z.string().optional(),
  digest: z.string(),
  /** CodeBuild's id of the build that started it, for whoever started the build and waits for its deployment. */
  build: z.string().optional(),
  trigger: Trigger,
  /** Who asked the API for a redrive: ARNs by the number of the run. Those of Step Functions' console are not known. */
  redriveRequestedBy: z.record(z.string(), z.string()).optional(),
  /** Where the release's files are, for whoever deploys the commit again. */
  bundle: z.object({ bucket: z.string(), prefix: z.string() }).optional(),
  /** The runs whose result and whose steps have been reported and counted: events arrive late and twice. */
  resultsCounted: z.set(z.number()).optional(),
  stepsCounted: z.set(z.number()).optional(),
  /** The runs before this one, oldest first. */
  runs: z.array(FormerRun).optional(),
  /** Epoch seconds: DynamoDB removes the record then. */
  expiresAt: z.number().int().optional(),
});

/**
 * The record of one deployment, kept when Step Functions has long forgotten its execution. A new field goes into one of
 * its two parts, so that somebody has decided whether the next run keeps it.
 */
export const DeploymentRecord = z.object({ ...KeptOfRecord.shape, ...RunOfRecord.shape });
export type DeploymentRecord = z.infer<typeof DeploymentRecord>;

/** DynamoDB's items have 400 KB, and the message and the failure of a run up to 40. */
const MOST_RUNS = 5;

/** What a record keeps of the runs before the next one: none of the first, and of very many the latest. */
export const formerRunsOf = (record: DeploymentRecord): FormerRun[] =>
  record.status === 'RUNNING'
    ? (record.runs ?? [])
    : withFormerRun(record.runs ?? [], FormerRun.parse(record));

/** The same with one more. It takes the place of the same run's provisional result. */
export const withFormerRun = (runs: readonly FormerRun[], run: FormerRun): FormerRun[] =>
  [...runs.filter(({ redriveCount }) => redriveCount !== run.redriveCount), run]
    .sort((one, other) => one.redriveCount - other.redriveCount)
    .slice(-MOST_RUNS);

/** Whether the result of this run has been reported. */
export const isResultCounted = ({ resultsCounted }: DeploymentRecord, redriveCount: number): boolean =>
  resultsCounted?.has(redriveCount) === true;

/** The latest failure of what wrote to a log, in this run or in one before it. */
export const loggedFailureOf = ({ failure, runs = [] }: Pick<DeploymentRecord, 'failure' | 'runs'>) =>
  [failure, ...runs.map((run) => run.failure).reverse()].find(
    (each) => (each?.detail.logTail ?? []).length > 0,
  );

/** What to do instead of a redrive that Step Functions refuses; undefined where the error's own remedy says it. */
export function adviseInsteadOfRedrive({ status }: Pick<DeploymentRecord, 'status'>): string | undefined {
  if (status === 'RUNNING') return 'it is under way: watch it, or abort it first';
  if (status === 'SUCCEEDED') return 'it has gone live; to have it live again, roll back to it';
  return undefined;
}

/** Nothing to abort. */
export function notRunningError({ deployment, status }: Pick<DeploymentRecord, 'deployment' | 'status'>) {
  // The execution has ended and its record is not closed yet.
  const ended = status === 'RUNNING' ? 'has just ended' : `is ${status}`;
  const isLive = status === 'SUCCEEDED' || status === 'RUNNING';
  const remedy =
    'there is nothing to stop; see what runs, then redrive it, or roll back where it is not well';
  return new DeploymentError('NotRunning', `${deployment} ${ended}`, isLive ? {} : { remedy });
}
