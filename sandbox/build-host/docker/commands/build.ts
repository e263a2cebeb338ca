import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseReference } from '#sandbox/ecr/references.ts';
import { readArguments } from '../arguments.ts';
import { build } from '../build/build.ts';
import { DockerError, unsupported } from '../errors.ts';
import { localImages } from '../local-images.ts';
import type { Command } from './command.ts';

/** docker build [-f FILE] [-t NAME]… [--build-arg NAME=VALUE]… [--target STAGE] [--no-cache] CONTEXT */
export const buildCommand: Command = async (args, { directory, environment, out, err }) => {
  const { values, positionals } = readArguments('build', args, {
    file: { type: 'string', short: 'f' },
    tag: { type: 'string', short: 't', multiple: true },
    'build-arg': { type: 'string', multiple: true },
    label: { type: 'string', multiple: true },
    target: { type: 'string' },
    'no-cache': { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
    iidfile: { type: 'string' },
    pull: { type: 'boolean' },
    progress: { type: 'string' },
    platform: { type: 'string' },
  });
  const [context] = positionals;
  if (context === undefined || positionals.length > 1)
    throw new DockerError('"docker build" requires 1 argument.', 1);
  if (context === '-' || /^(https?|git):/.test(context)) throw unsupported(`a build context of ${context}`);
  for (const tag of values.tag ?? []) {
    if (!parseReference(tag)) throw new DockerError(`invalid tag "${tag}": invalid reference format`, 125);
  }
  const digest = await build({
    directory,
    context: resolve(context),
    dockerfile: resolve(values.file ?? join(context, 'Dockerfile')),
    buildArguments: pairs(values['build-arg'], environment),
    labels: pairs(values.label, {}),
    target: values.target?.toLowerCase(),
    useCache: !values['no-cache'],
    write: values.quiet ? () => {} : err,
  });
  const images = localImages(directory);
  for (const tag of values.tag ?? []) images.tag(digest, tag);
  const { config } = images.manifest(digest);
  if (values.iidfile !== undefined) writeFileSync(values.iidfile, config.digest);
  if (values.quiet) out(`${config.digest}\n`);
};

/** NAME=VALUE, or NAME alone for the value that the environment has. */
function pairs(
  given: string[] = [],
  environment: Record<string, string | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    given.flatMap((pair) => {
      const equals = pair.indexOf('=');
      if (equals !== -1) return [[pair.slice(0, equals), pair.slice(equals + 1)]];
      return environment[pair] === undefined ? [] : [[pair, environment[pair]]];
    }),
  );
}
