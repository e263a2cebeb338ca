import type { Json, JsonObject } from '../json.ts';

/** The Amazon States Language, as far as the interpreter reads it. Fields carry AWS's names. */
export type QueryLanguage = 'JSONPath' | 'JSONata';

export interface StatesBlock {
  StartAt: string;
  States: Record<string, State>;
  QueryLanguage?: QueryLanguage;
  ProcessorConfig?: { Mode?: string; ExecutionType?: string };
}

export interface StateMachineDefinition extends StatesBlock {
  Comment?: string;
  Version?: string;
  TimeoutSeconds?: number;
}

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  ResultPath?: string | null;
  Assign?: JsonObject;
  Output?: Json;
}

/** One rule of a Choice state; `Condition` in JSONata, the operators in JSONPath. */
export interface ChoiceRule {
  Next?: string;
  Condition?: string | boolean;
  Variable?: string;
  And?: ChoiceRule[];
  Or?: ChoiceRule[];
  Not?: ChoiceRule;
  Assign?: JsonObject;
  Output?: Json;
  [operator: string]: unknown;
}

export interface State {
  Type: 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';
  QueryLanguage?: QueryLanguage;
  Comment?: string;
  Next?: string;
  End?: boolean;
  Assign?: JsonObject;
  Retry?: Retrier[];
  Catch?: Catcher[];

  // JSONata
  Output?: Json;
  Arguments?: Json;

  // JSONPath
  InputPath?: string | null;
  OutputPath?: string | null;
  ResultPath?: string | null;
  Parameters?: Json;
  ResultSelector?: Json;

  // Pass
  Result?: Json;

  // Task
  Resource?: string;
  TimeoutSeconds?: number | string;
  TimeoutSecondsPath?: string;
  HeartbeatSeconds?: number | string;
  HeartbeatSecondsPath?: string;
  Credentials?: Json;

  // Wait
  Seconds?: number | string;
  SecondsPath?: string;
  Timestamp?: string;
  TimestampPath?: string;

  // Choice
  Choices?: ChoiceRule[];
  Default?: string;

  // Fail
  Error?: string;
  Cause?: string;
  ErrorPath?: string;
  CausePath?: string;

  // Parallel
  Branches?: StatesBlock[];

  // Map
  Items?: Json;
  ItemsPath?: string;
  ItemSelector?: Json;
  ItemProcessor?: StatesBlock;
  Iterator?: StatesBlock;
  MaxConcurrency?: number | string;
  MaxConcurrencyPath?: string;
  ToleratedFailureCount?: number | string;
  ToleratedFailureCountPath?: string;
  ToleratedFailurePercentage?: number | string;
  ToleratedFailurePercentagePath?: string;
}
