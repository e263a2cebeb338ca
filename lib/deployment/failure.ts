import type { Failure } from './document.ts';
import type { FailureDetail } from './errors.ts';

/** A failure as people read it: the error's sentence out of the cause, and what else the cause carries. */
export interface FailureReading {
  state: string;
  error: string;
  message: string;
  detail: FailureDetail;
}

/**
 * Reads a cause. Lambda writes {errorType, errorMessage, trace}; our own callbacks write {errorMessage, detail};
 * Step Functions itself writes plain text.
 */
export function readFailure(failure: Pick<Failure, 'state' | 'error' | 'cause'>): FailureReading {
  const { state, error, cause } = failure;
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) {
      const detail =
        'detail' in parsed && typeof parsed.detail === 'object' && parsed.detail !== null
          ? parsed.detail
          : {};
      return { state, error, message: String(parsed.errorMessage), detail };
    }
  } catch {
    // Plain text: Step Functions' own causes are.
  }
  return { state, error, message: cause || 'Step Functions gives no cause', detail: {} };
}

/**
 * SendTaskFailure's cause: at most 32,768 characters, of the same form as a Lambda function's error. JSON writes a
 * control character (colours in a log, say) with six.
 */
export function causeOf(error: { name: string; message: string; detail?: FailureDetail }): string {
  const cause = { errorType: error.name, errorMessage: error.message, detail: error.detail ?? {} };
  const text = JSON.stringify(cause);
  return text.length <= 32_768
    ? text
    : JSON.stringify({ ...cause, errorMessage: error.message.slice(0, 5_000), detail: {} });
}

/** Errors of Step Functions and Lambda under a name of ours; a bug keeps the name that it was thrown with. */
export function nameOf({ error, cause }: Failure): string {
  if (/^(Sandbox\.|Runtime\.|Lambda\.Unknown$|States\.(Heartbeat)?Timeout$)/.test(error))
    return 'FunctionCrashed';
  if (!error.startsWith('Lambda.')) return error;
  return cause.includes('AccessDenied') ? 'AccessDenied' : 'AwsUnavailable';
}
