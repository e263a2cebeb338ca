import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { loadConfig } from '@smithy/core/config';
import { CliError, usageError } from '#cli/errors.ts';
import { exitCodes } from '#cli/exit-codes.ts';
import type { Io } from '#cli/terminal/io.ts';

type Credentials = ReturnType<typeof fromNodeProviderChain>;

/** Where the API is and as whom it is asked. */
export interface Connection {
  base: string;
  region: string;
  credentials: Credentials | { accessKeyId: string; secretAccessKey: string };
  isSandbox: boolean;
}

export interface ConnectionOptions {
  api?: string | undefined;
  profile?: string | undefined;
  region?: string | undefined;
}

/** Where a sandbox listens unless told otherwise, and what it tells about itself. */
const SANDBOX = 'http://127.0.0.1:4566';
const HEALTH = '/_landfall/health';
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** A sandbox on this machine answers at once; without one the connection is refused at once. */
const HEALTH_TIMEOUT = 1_000;

/**
 * --api, else LANDFALL_API, with the standard credential chain. Without either, the sandbox of this machine where one
 * is running, with the sandbox's own credentials: nobody's real ones are shown to whatever listens there.
 */
export async function connect(
  options: ConnectionOptions,
  io: Pick<Io, 'env' | 'fetch'>,
): Promise<Connection> {
  const base = options.api ?? io.env.LANDFALL_API;
  if (base) return connectToAws(base, options);
  const endpoint = io.env.AWS_ENDPOINT_URL || SANDBOX;
  // Who names a profile means an account of AWS.
  const isSandboxMeant = options.profile === undefined && isLoopback(endpoint);
  const sandbox = isSandboxMeant ? await findSandbox(endpoint, options, io) : undefined;
  if (sandbox !== undefined) return sandbox;
  const why = isSandboxMeant
    ? `, and no sandbox answers on ${endpoint}`
    : options.profile === undefined
      ? `: ${endpoint} (AWS_ENDPOINT_URL) is not on this machine`
      : `: with --profile it is one on AWS, never a sandbox`;
  throw usageError(
    `It is not known where the API of Landfall is${why}.`,
    'Set LANDFALL_API or --api to the address that `serverless info` shows, or start a sandbox (npm start).',
  );
}

async function connectToAws(base: string, { profile, region }: ConnectionOptions): Promise<Connection> {
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
    throw usageError(
      `"${base}" is no address of an API.`,
      'It looks like https://abc123.execute-api.eu-west-1.amazonaws.com',
    );
  const named = profile === undefined ? {} : { profile };
  return {
    base,
    region: region ?? regionOf(base) ?? (await configuredRegion(named)),
    credentials: fromNodeProviderChain(named),
    isSandbox: false,
  };
}

/** A signature is for the Region of the API, which its own address names. */
const regionOf = (base: string) =>
  /^[^.]+\.execute-api\.([\w-]+)\.amazonaws\.com(\.cn)?$/.exec(new URL(base).hostname)?.[1];

async function configuredRegion(named: { profile?: string }): Promise<string> {
  const region = loadConfig<string>(
    {
      environmentVariableSelector: (env) => env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
      configFileSelector: (profile) => profile.region,
      default: () => {
        throw usageError('The Region of the API is not known.', 'Name it with --region, or set AWS_REGION.');
      },
    },
    named,
  );
  return region();
}

/** What the sandbox says about itself. */
interface Health {
  landfall: 'sandbox';
  status: 'starting' | 'ready' | 'empty';
  /** The HTTP API's address; null where the sandbox runs without the application, or without it yet. */
  api: string | null;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

async function findSandbox(
  endpoint: string,
  { region }: ConnectionOptions,
  { fetch }: Pick<Io, 'fetch'>,
): Promise<Connection | undefined> {
  const health = await fetch(new URL(HEALTH, endpoint), { signal: AbortSignal.timeout(HEALTH_TIMEOUT) })
    .then((response) => (response.ok ? (response.json() as Promise<Health>) : undefined))
    .catch(() => undefined);
  if (health?.landfall !== 'sandbox') return undefined;
  if (health.status === 'starting')
    throw new CliError('Starting', `The sandbox on ${endpoint} is starting: its API does not answer yet.`, {
      exitCode: exitCodes.unavailable,
      remedy: 'Ask again in some seconds; npm start says when it is ready.',
    });
  if (health.api === null || !isLoopback(health.api))
    throw usageError(`The sandbox on ${endpoint} runs without Landfall.`, 'Start it without --empty.');
  return {
    base: health.api,
    region: region ?? health.region,
    credentials: health.credentials,
    isSandbox: true,
  };
}

const isLoopback = (address: string) => URL.canParse(address) && LOOPBACK.has(new URL(address).hostname);
