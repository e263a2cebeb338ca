import type { SandboxContext } from '#sandbox/core/service.ts';
import type { Settings } from './tables.ts';

/** An operation of the engine's, in the shapes of the SDK. */
export type CallEngine = <Output>(operation: string, input: object) => Promise<Output>;

/** What DynamoDB's operations share. */
export interface Dynamodb {
  context: SandboxContext;
  settings: Settings;
  engine: CallEngine;
  activate(tableName: string): Promise<void>;
}
