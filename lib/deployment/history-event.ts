/** An event of an execution's history, as far as steps and documents are read from it. */
export interface HistoryEvent {
  /** 1 for the first; the events of one history count up without gaps. */
  id?: number | undefined;
  type?: string | undefined;
  timestamp?: Date | undefined;
  stateEnteredEventDetails?: { name?: string | undefined; input?: string | undefined } | undefined;
  stateExitedEventDetails?: { output?: string | undefined } | undefined;
  taskFailedEventDetails?: ErrorDetails | undefined;
  taskTimedOutEventDetails?: ErrorDetails | undefined;
  taskStartFailedEventDetails?: ErrorDetails | undefined;
  taskSubmitFailedEventDetails?: ErrorDetails | undefined;
  executionFailedEventDetails?: ErrorDetails | undefined;
}

export interface ErrorDetails {
  error?: string | undefined;
  cause?: string | undefined;
}
