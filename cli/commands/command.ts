import { randomBytes } from 'node:crypto';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { DeploymentRequest, DryRun } from '#cli/client/contract.ts';
import { serviceOf } from '#cli/client/target.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';

/** What a command does, given its arguments and options in the order in which it declares them. */
export type Handler<Args extends unknown[]> = (
  context: Context,
  ...args: Args
) => Promise<ExitCode | undefined> | Promise<void>;

/** Makes a commander action of a handler: it gives it its context and takes its exit code. */
export type Act = <Args extends unknown[]>(handler: Handler<Args>) => (...args: Args) => Promise<void>;

/** Adds one command to the program. */
export type Register = (program: Command, act: Act) => void;

export const createServiceArgument = () =>
  new Argument('[service]', 'may be left out where there is only one');

export interface ReleaseOptions {
  image?: string;
  commit?: string;
  ref?: string;
}

export const releaseOptions = {
  image: () =>
    new Option('--image <image>', "a tag, a digest, or a reference into the service's repository").conflicts([
      'commit',
      'ref',
    ]),
  commit: () =>
    new Option('--commit <sha>', 'a commit that has been built, in full or shortened')
      .conflicts('ref')
      .argParser(commitOf),
  ref: () => new Option('--ref <ref>', 'a branch, tag or commit, which is built first'),
};

export function commitOf(text: string): string {
  if (/^[0-9a-f]{7,40}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError(
    'It is 7 to 40 hex digits, as git rev-parse prints them; a branch, a tag or HEAD is built first, with --ref.',
  );
}

/** The one of --image, --commit and --ref that is given. */
export function requestOf({ image, commit, ref }: ReleaseOptions): DeploymentRequest {
  if (image !== undefined) return { image };
  if (commit !== undefined) return { commit };
  if (ref !== undefined) return { ref };
  throw usageError('It is not said what to deploy.', 'Name it with --image, --commit or --ref.');
}

/** The dry run of which `diff` and `verify` each show their part. */
export async function requestDryRun(
  { api }: Pick<Context, 'api'>,
  name: string | undefined,
  options: ReleaseOptions,
): Promise<DryRun> {
  const request = requestOf(options);
  return api.dryRun(await serviceOf(api, name), request);
}

export const createWaitOption = () =>
  new Option('--wait', 'show it until it is over, and exit with how it ended');

export const createIntervalOption = () =>
  new Option('--interval <seconds>', 'between two looks (default: 2; with the sandbox 0.5)').argParser(
    (text) => {
      const seconds = Number(text);
      if (!(seconds >= 0.1 && seconds <= 60))
        throw new InvalidArgumentError('It is a number from 0.1 to 60.');
      return seconds;
    },
  );

/** A parser of a whole number from 1 on. */
export const parseUpTo = (most: number) => (text: string) => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new InvalidArgumentError(`It is a number from 1 to ${most}.`);
  return number;
};

export const createKeyOption = () =>
  new Option(
    '--idempotency-key <key>',
    'the same key again is the same deployment (default: a new one)',
  ).argParser((text) => {
    if (!/^[\w-]{1,36}$/.test(text)) throw new InvalidArgumentError('It is 1 to 36 letters, digits, _ or -.');
    return text;
  });

/** With a key of its own a request can be sent again when its answer is lost. */
export const createKey = () => randomBytes(5).toString('hex');
