import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { CliError, Unreachable } from '#cli/errors.ts';
import { exitCodes } from '#cli/exit-codes.ts';
import type { Io } from '#cli/terminal/io.ts';
import type { Connection } from './connection.ts';

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: object;
  query?: Record<string, string>;
  /** Makes a POST repeatable. */
  idempotencyKey?: string;
}

export type Send = (request: Request) => Promise<Response>;

/** Waits before the second, third and fourth attempt, in milliseconds. */
const RETRY_DELAYS = [500, 1_000, 2_000];
/** API Gateway itself gives up after 30 seconds. */
const REQUEST_TIMEOUT = 35_000;
const THROTTLED = 429;
const TRANSIENT = new Set([500, 502, 503, 504]);
/** The same request is being performed: of an attempt before, whose answer was lost. */
const isBusy = ({ status, headers }: Response) => status === 409 && headers.has('retry-after');

/** Sends signed requests, and sends again what may be sent twice when the API is out of reach or of breath. */
export function createSend(connection: Connection, { fetch, pause }: Pick<Io, 'fetch' | 'pause'>): Send {
  const { base, region, credentials } = connection;
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });

  return async (request) => {
    const isRepeatable = request.method !== 'POST' || request.idempotencyKey !== undefined;
    for (const wait of RETRY_DELAYS) {
      try {
        const response = await attempt(request);
        // What was throttled was not performed.
        const isWorthAnother =
          response.status === THROTTLED ||
          (isRepeatable && (TRANSIENT.has(response.status) || isBusy(response)));
        if (!isWorthAnother) return response;
        await response.body?.cancel();
      } catch (error) {
        if (!(error instanceof Unreachable && isRepeatable)) throw error;
      }
      await pause(wait);
    }
    return attempt(request);
  };

  async function attempt({ method, path, body, query = {}, idempotencyKey }: Request): Promise<Response> {
    const url = new URL(base.replace(/\/$/, '') + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const { headers } = await sign(signer, {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query,
      headers: {
        host: url.host,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...text,
    });
    return fetch(url, { method, headers, ...text, signal: AbortSignal.timeout(REQUEST_TIMEOUT) }).catch(
      (error) => {
        throw unreachableError(url, error, idempotencyKey);
      },
    );
  }
}

type Signable = Parameters<SignatureV4['sign']>[0];

/** The first signature asks the credential chain, which says itself what it is missing. */
async function sign(signer: SignatureV4, request: Signable) {
  try {
    return await signer.sign(request);
  } catch (error) {
    throw new CliError('NoCredentials', `${(error as Error).message}.`, {
      exitCode: exitCodes.denied,
      remedy: 'Log in (aws sso login), name a profile (--profile), or set AWS_ACCESS_KEY_ID and its fellows.',
    });
  }
}

/** The commands of these routes take the key as an option; a redrive is redriven once anyway. */
const startsSomething = ({ pathname, searchParams }: URL) =>
  /\/(deployments|rollback)$/.test(pathname) && !searchParams.has('dryRun');

/** What was sent may have arrived: only the answer is known to be missing. */
const adviseRepeating = (key: string) =>
  `It may have been received all the same: with --idempotency-key ${key} nothing is started twice.`;

function unreachableError(url: URL, error: Error, idempotencyKey: string | undefined): Unreachable {
  const cause = error.cause instanceof Error ? error.cause : error;
  const why =
    error.name === 'TimeoutError' ? `no answer within ${REQUEST_TIMEOUT / 1000} seconds` : cause.message;
  return new Unreachable('Unreachable', `${url.origin} does not answer: ${why || cause.name}.`, {
    exitCode: exitCodes.unavailable,
    mayPass: true,
    remedy: [
      'Check the address (--api, LANDFALL_API) and the network.',
      ...(idempotencyKey !== undefined && startsSomething(url) ? [adviseRepeating(idempotencyKey)] : []),
    ].join('\n'),
  });
}
