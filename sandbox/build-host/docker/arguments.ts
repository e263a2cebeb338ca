import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DockerError } from './errors.ts';

/** A subcommand's flags; one that it does not have is docker's own error, never ignored. */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const flag = /'(-[^'\s]*)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new DockerError(`unknown flag: ${flag ?? error}\nSee 'docker ${command} --help'.`, 125);
  }
}
