import type { Failure } from '#lib/deployment/document.ts';
import type { FailureDetail } from '#lib/deployment/errors.ts';

/** A failure as people read it: the error's sentence out of the cause, and what else the cause carries. */
export interface FailureReading {
  state: string;
  error: string;
  message: string;
  detail: FailureDetail;
}

/**
 * Reads a cause. Lambda writes {errorType, errorMessage, trace}, and `embedDetail` has put the detail into the trace.
 * Our own callbacks write {errorMessage, detail}. Step Functions itself writes plain text.
 */
export function readFailure(failure: Pick<Failure, 'state' | 'error' | 'cause'>): FailureReading {
  const { state, error, cause } = failure;
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) {
      return { state, error, message: String(parsed.errorMessage), detail: detailIn(parsed) };
    }
  } catch {
    // Plain text: Step Functions' own causes are.
  }
  return { state, error, message: cause || 'Step Functions gives no cause', detail: {} };
}

function detailIn(cause: object): FailureDetail {
  const { detail, trace }: { detail?: unknown; trace?: unknown } = { ...cause };
  if (typeof detail === 'object' && detail !== null) return detail;
  const line = Array.isArray(trace) ? trace.findLast((each) => String(each).startsWith(DETAIL)) : undefined;
  return line === undefined ? {} : JSON.parse(String(line).slice(DETAIL.length));
}

const DETAIL = 'Landfall-Detail: ';

/** Beside message and stack it has to fit the cause: JSON of JSON writes a control character with seven. */
const MOST_DETAIL = 4_000;

/**
 * Puts the detail into the error's stack, one line that `readFailure` reads. Lambda passes on only name, message and
 * stack. A log that is too long loses its first lines.
 */
export function embedDetail(error: { stack?: string; detail: FailureDetail }): void {
  const { logTail = [], ...detail } = error.detail;
  const lines = logTail.map((line) => line.slice(0, 500));
  const written = () => JSON.stringify(lines.length === 0 ? detail : { ...detail, logTail: lines });
  while (lines.length > 0 && written().length > MOST_DETAIL) lines.shift();
  if (written() !== '{}' && written().length <= MOST_DETAIL)
    error.stack = `${error.stack ?? ''}\n${DETAIL}${written()}`;
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
