import type { ServiceOutcome } from './service-outcome.ts';

/** How one run of an execution has ended, as its deployment's record keeps it and as people are told. */
export interface RunResult {
  status: 'SUCCEEDED' | 'SUPERSEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';
  /** Which run of the execution; 0 before the first redrive. */
  redriveCount: number;
  serviceOutcome?: ServiceOutcome | undefined;
  /** The revision that went live. */
  taskDefinition?: string | undefined;
  error?: string | undefined;
  message?: string | undefined;
}
