import type { FunctionRecord, FunctionVersion } from './function-store.ts';

/** An event that waits in Lambda's internal queue. */
export interface QueuedEvent {
  requestId: string;
  record: FunctionRecord;
  version: FunctionVersion;
  payload: string;
}
