import type { StateMachineDefinition } from '../interpreter/definition.ts';
import type { Execution } from '../interpreter/execution.ts';

/** A state machine as its executions see it: an update makes a new revision. */
export interface Revision {
  revisionId: string;
  /** The definition as it was written. */
  text: string;
  definition: StateMachineDefinition;
  roleArn: string;
  date: Date;
  isTraced: boolean;
}

export interface StateMachine {
  arn: string;
  name: string;
  creationDate: Date;
  revision: Revision;
  deleting: boolean;
  tags: Map<string, string>;
}

export interface ExecutionRecord {
  arn: string;
  machine: StateMachine;
  /** The revision it was started with; a redrive keeps it. */
  revision: Revision;
  execution: Execution;
  /** As StartExecution was given it. */
  traceHeader?: string | undefined;
  /** RedriveExecution's client tokens, with the answer that was given. */
  redriveTokens: Map<string, { redriveDate: Date; at: number }>;
}

export interface StatesStore {
  machines: Map<string, StateMachine>;
  /** By ARN, in the order in which they were started. */
  executions: Map<string, ExecutionRecord>;
}
