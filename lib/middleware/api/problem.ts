import { DeploymentError, errors } from '#lib/deployment/errors.ts';
import type { ApiAnswer } from './answer.ts';

interface Described {
  name: string;
  message: string;
  status: number;
}

/** A problem document (RFC 9457), and the headers that come with it. */
interface Problem extends ApiAnswer {
  headers: Record<string, string>;
}

/** The problem document of an error: ours under its own name, anything unknown as an InternalError that tells nothing. */
export function problemOf(error: unknown, instance: string): Problem {
  const { name, message, status } = describe(error);
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      // Asked again with the same key it is answered.
      ...(name === 'RequestInProgress' && { 'retry-after': '2' }),
    },
    body: { type: `urn:landfall:error:${name}`, title: name, status, detail: message, instance },
  };
}

function describe(error: unknown): Described {
  if (error instanceof DeploymentError) {
    const meaning = errors[error.name];
    const status = 'httpStatus' in meaning ? meaning.httpStatus : 500;
    return { name: error.name, message: error.refusal, status };
  }
  return describeRefusal(error as Refusal) ?? INTERNAL_ERROR;
}

/** @middy's own refusals carry their status: 415 of another content type. */
interface Refusal {
  statusCode?: number;
  message?: string;
}

/** No JSON is an invalid request like any other. */
function describeRefusal({ statusCode, message = 'it is malformed' }: Refusal): Described | undefined {
  if (statusCode === undefined || statusCode >= 500) return undefined;
  const name = 'InvalidRequest';
  const why = `${message} (a body is JSON, and its content type application/json)`;
  return {
    name,
    message: new DeploymentError(name, why).refusal,
    status: statusCode === 415 ? 415 : errors[name].httpStatus,
  };
}

const INTERNAL_ERROR: Described = {
  name: 'InternalError',
  message: 'The request could not be answered; see the log of this function',
  status: 500,
};
