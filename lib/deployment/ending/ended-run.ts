import * as z from 'zod';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { RunResult } from '#lib/deployment/run-result.ts';
import { ServiceName, ServiceSettings } from '#lib/deployment/settings.ts';
import { readFailure } from './failure.ts';
import type { Interruption } from './interruption.ts';
import { describeServiceOutcome, serviceOutcomeOf } from './service-outcome-of.ts';

/** A "Step Functions Execution Status Change" about an execution of ours that is over. */
export const ExecutionStatusChange = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: z.string().min(1),
    name: z.string().min(1),
    status: z.enum(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
    /** Missing where AWS leaves it out before the first redrive. */
    redriveCount: z.number().int().nonnegative().nullish(),
    /** Epoch milliseconds. */
    startDate: z.number().nullish(),
    redriveDate: z.number().nullish(),
    stopDate: z.number().nullish(),
    input: z.string().nullish(),
    output: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
export type ExecutionStatusChange = z.infer<typeof ExecutionStatusChange>;

/** The service is in the execution's input: the deployment document, far below the 248 KiB above which AWS drops it. */
const Input = z.object({
  service: ServiceName,
  release: z
    .object({ commit: z.string().optional(), build: z.object({ id: z.string() }).optional() })
    .optional(),
  settings: z.object({ github: ServiceSettings.shape.github }).optional(),
});

function parseInput(input: string | null | undefined, execution: string): z.infer<typeof Input> {
  try {
    return Input.parse(JSON.parse(input ?? 'null'));
  } catch (error) {
    throw new DeploymentError('InvalidEvent', `the input of ${execution} is no deployment document`, {
      cause: error,
    });
  }
}

/** What the event says of a run that is over. */
export interface EndedRun {
  execution: string;
  service: string;
  deployment: string;
  /** When the run began that is over. */
  since: number;
  status: 'SUPERSEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  redriveCount: number;
  error?: string;
  /** Why it ended. For SUPERSEDED this is the whole message. */
  why: string;
  commit?: string | undefined;
  build?: string | undefined;
  github?: ServiceSettings['github'];
}

const WHY = {
  SUPERSEDED: 'Another deployment took its place.',
  FAILED: 'The execution failed without reaching HaltDeployment.',
  TIMED_OUT: 'The execution ran into its timeout.',
  ABORTED: 'Somebody stopped the execution.',
} as const;

/** What ClaimService's Catch hands to Superseded: the output of a displaced execution. */
const Displacement = z.object({ Error: z.string(), Cause: z.string() });

/** Who took its place; the execution's own output says it. */
function describeDisplacement(output: string | null | undefined): string {
  try {
    const { Error: error, Cause: cause } = Displacement.parse(JSON.parse(output ?? 'null'));
    return readFailure({ state: 'ClaimService', error, cause }).message;
  } catch {
    return WHY.SUPERSEDED;
  }
}

/** A success that no state has recorded is that of a displaced deployment. */
const statusOf = (status: ExecutionStatusChange['detail']['status']) =>
  status === 'SUCCEEDED' ? ('SUPERSEDED' as const) : status;

/** Reads the event. Fails with InvalidEvent where the execution's input is no deployment document. */
export function endedRunOf({ detail }: ExecutionStatusChange): EndedRun {
  const { service, release, settings } = parseInput(detail.input, detail.executionArn);
  const status = statusOf(detail.status);
  const said = [detail.error, detail.cause]
    .filter((part) => part)
    .join(' ')
    .slice(0, 4_000);
  const why = said === '' ? WHY[status] : `${WHY[status]} ${said.replace(/\.$/, '')}.`;
  return {
    execution: detail.executionArn,
    service,
    deployment: detail.name,
    commit: release?.commit,
    build: release?.build?.id,
    github: settings?.github,
    since: detail.redriveDate ?? detail.startDate ?? 0,
    status,
    redriveCount: detail.redriveCount ?? 0,
    error: detail.error || undefined,
    why: status === 'SUPERSEDED' ? describeDisplacement(detail.output) : why,
  };
}

/** A result whose message says what happened. */
type DescribedRunResult = RunResult & { message: string };

/**
 * The result of a run that ended outside the machine. `interruption` is what the execution's history says, where it
 * could be read.
 */
export function runResultOf(
  { status, redriveCount, error, why }: EndedRun,
  interruption?: Interruption,
): DescribedRunResult {
  const result = { status, redriveCount, error };
  if (interruption === undefined)
    return { ...result, message: status === 'SUPERSEDED' ? why : `${why} ${NOT_KNOWN}` };
  const serviceOutcome = serviceOutcomeOf(interruption.document);
  const message = status === 'SUPERSEDED' ? why : `${why} ${describeInterruption(interruption)}`;
  return { ...result, serviceOutcome, message: message.slice(0, 8_000) };
}

/**
 * The result of a claim's holder whose execution is over. `finder` asked for the claim and found it so: the event about
 * the end was lost, or has not been handled yet. `status` is DescribeExecution's; undefined where Step Functions has
 * forgotten the execution.
 */
export function runResultOfDead(
  status: string | undefined,
  redriveCount: number,
  finder: string,
): DescribedRunResult {
  const known = ExecutionStatusChange.shape.detail.shape.status.safeParse(status).data;
  const recorded = known === undefined ? 'FAILED' : statusOf(known);
  const why = known === undefined ? 'Step Functions does not know its execution any more.' : WHY[recorded];
  const found = `${finder} found it over and took the claim: the event about its end has not been handled.`;
  return { status: recorded, redriveCount, message: `${why} ${found} ${NOT_KNOWN}` };
}

const NOT_KNOWN = 'What ECS was told to do goes on; a redrive goes on from the state that was interrupted.';

function describeInterruption({ document, state }: Interruption): string {
  const { migration } = document;
  const isMigrating = migration?.status === 'running' && state === 'AwaitMigration';
  return [
    describeServiceOutcome(document),
    ...(isMigrating ? [`Its migration goes on: task ${migration.taskArn}.`] : []),
    ...(state === 'RunMigration' ? ['Its migration may have been started.'] : []),
    `A redrive goes on from ${state}.`,
  ].join(' ');
}
