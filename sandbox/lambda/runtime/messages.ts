/** What the sandbox and the worker thread of one execution environment say to each other. */
export interface RuntimeSettings {
  taskRoot: string;
  handler: string;
  functionName: string;
  functionVersion: string;
  memoryLimitInMB: string;
  logGroupName: string;
  logStreamName: string;
}

export interface InvokeMessage {
  requestId: string;
  invokedFunctionArn: string;
  traceId: string;
  payload: string;
  remainingMilliseconds: number;
}

/** An error as Lambda answers it to whoever invoked the function. */
export interface ErrorPayload {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export type RuntimeMessage =
  | { type: 'ready' }
  | { type: 'init-failed'; error: ErrorPayload }
  | { type: 'log'; message: string }
  | { type: 'result'; requestId: string; payload: string }
  | { type: 'failed'; requestId: string; error: ErrorPayload; fatal: boolean };
