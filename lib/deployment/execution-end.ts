import * as z from 'zod';
import { DeploymentError } from './errors.ts';
import { readFailure } from './failure.ts';
import { ServiceName, ServiceSettings } from './settings.ts';

/** A "Step Functions Execution Status Change" about an execution of ours that is over. */
export const ExecutionEnded = z.object({
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
    input: z.string().nullish(),
    output: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
export type ExecutionEnded = z.infer<typeof ExecutionEnded>;

/** The service is in the execution's input: the deployment document, far below the 248 KiB above which AWS drops it. */
const Input = z.object({
  service: ServiceName,
  release: z
    .object({ commit: z.string().optional(), build: z.object({ id: z.string() }).optional() })
    .optional(),
  settings: z.object({ github: ServiceSettings.shape.github }).optional(),
});

function inputOf(input: string | null | undefined, execution: string): z.infer<typeof Input> {
  try {
    return Input.parse(JSON.parse(input ?? 'null'));
  } catch (error) {
    throw new DeploymentError('InvalidEvent', `the input of ${execution} is no deployment document`, {
      cause: error,
    });
  }
}

interface End {
  execution: string;
  service: string;
  deployment: string;
  /** When the run began that is over. */
  since: number;
  end: {
    status: 'SUPERSEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
    redriveCount: number;
    error?: string;
    message: string;
  };
  text: string;
  commit?: string | undefined;
  build?: string | undefined;
  github?: ServiceSettings['github'];
}

const WHY = {
  SUPERSEDED: 'A newer release took its place.',
  FAILED: 'The execution failed without reaching HaltDeployment.',
  TIMED_OUT: 'The execution ran into its timeout.',
  ABORTED: 'Somebody stopped the execution.',
} as const;

/** What ClaimService's Catch hands to Superseded, and so the output of such an execution. */
const Displacement = z.object({ Error: z.string(), Cause: z.string() });

/** Who took its place; the execution's own output says it. */
function displacement(output: string | null | undefined): string {
  try {
    const { Error: error, Cause: cause } = Displacement.parse(JSON.parse(output ?? 'null'));
    return readFailure({ state: 'ClaimService', error, cause }).message;
  } catch {
    return WHY.SUPERSEDED;
  }
}

/** How the end is recorded. A success that no state has recorded is that of a displaced deployment. */
export function endOf({ detail }: ExecutionEnded): End {
  const { service, release, settings } = inputOf(detail.input, detail.executionArn);
  const status = detail.status === 'SUCCEEDED' ? ('SUPERSEDED' as const) : detail.status;
  const why = [WHY[status], detail.error, detail.cause]
    .filter((part) => part)
    .join(' ')
    .slice(0, 7_000);
  const message =
    status === 'SUPERSEDED'
      ? displacement(detail.output)
      : `${why} What ECS was told to do goes on; a redrive goes on from the state that was interrupted.`;
  return {
    execution: detail.executionArn,
    service,
    deployment: detail.name,
    commit: release?.commit,
    build: release?.build?.id,
    github: settings?.github,
    since: detail.redriveDate ?? detail.startDate ?? 0,
    end: {
      status,
      redriveCount: detail.redriveCount ?? 0,
      message,
      ...(detail.error ? { error: detail.error } : {}),
    },
    text: `${detail.name} of ${service}: ${status}. ${message}`,
  };
}
