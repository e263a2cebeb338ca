import { CliError } from '#cli/errors.ts';
import { type ExitCode, exitCodes } from '#cli/exit-codes.ts';
import type { ErrorName } from '#lib/deployment/errors.ts';
import type { Problem } from './contract.ts';
import type { Request } from './request.ts';

/** Which command helps with what the API refuses; the problem's own detail says what to do in general. */
const HELPFUL: Partial<Record<ErrorName, (service: string) => string>> = {
  UnknownService: () => 'landfall services',
  DeploymentNotFound: (service) => `landfall history ${service}`,
  ServiceFrozen: (service) => `landfall status ${service}`,
  RequestInProgress: (service) => `landfall history ${service}`,
  DeploymentInProgress: (service) => `landfall watch ${service}`,
  NewerReleaseLive: (service) => `landfall history ${service}`,
  NotRunning: (service) => `landfall status ${service}`,
  NothingToRollBackTo: (service) => `landfall history ${service}`,
};

/** What an answer that is none of success means: a problem document, or a word of API Gateway's own. */
export async function refusalOf(response: Response, { method, path }: Request): Promise<CliError> {
  const { status } = response;
  const text = await response.text();
  const answer = parse(text);
  if (isProblem(answer)) {
    const [, , service = ''] = path.split('/');
    const helpful = HELPFUL[answer.title as ErrorName]?.(service);
    return new CliError(answer.title, answer.detail, {
      exitCode: exitCodeOf(status),
      mayPass: mayPass(status),
      remedy: helpful && `See also: ${helpful}`,
    });
  }
  if (status === 401 || status === 403) return deniedError(answer, `${method} ${path}`);
  const said = answer?.message ?? (text.slice(0, 200) || 'nothing');
  return new CliError(`Http${status}`, `${method} ${path} was answered ${status}: ${said}`, {
    exitCode: exitCodes.unavailable,
    // No route: not the API, or one that a sandbox has not finished to set up again.
    mayPass: mayPass(status) || status === 404,
    remedy:
      status === 429
        ? 'The API is throttled: ask again in a while.'
        : 'Check that the address is that of the API of Landfall (--api, LANDFALL_API).',
  });
}

const deniedError = (answer: { message?: string } | undefined, route: string) =>
  new CliError('Forbidden', `The API refuses ${route}: ${answer?.message ?? 'no reason given'}.`, {
    exitCode: exitCodes.denied,
    remedy:
      'Check the credentials (aws sts get-caller-identity), their region, and that their policy allows execute-api:Invoke on this route.',
  });

const mayPass = (status: number) => status === 429 || status >= 500;

function exitCodeOf(status: number): ExitCode {
  if (status === 400) return exitCodes.usage;
  return status >= 500 ? exitCodes.unavailable : exitCodes.failed;
}

const isProblem = (answer: Partial<Problem> | undefined): answer is Problem =>
  typeof answer?.title === 'string' && typeof answer.detail === 'string';

function parse(text: string): (Partial<Problem> & { message?: string }) | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
