import { text } from 'node:stream/consumers';
import type { Command } from './commands/command.ts';
import { DockerError, unsupported } from './errors.ts';

/** Each is loaded when it is used: a build must not wait for the AWS SDK that only push and pull need. */
const commands: Record<string, () => Promise<Command>> = {
  build: async () => (await import('./commands/build.ts')).buildCommand,
  images: async () => (await import('./commands/images.ts')).images,
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  login: async () => (await import('./commands/login.ts')).login,
  logout: async () => (await import('./commands/login.ts')).logout,
  pull: async () => (await import('./commands/pull.ts')).pull,
  push: async () => (await import('./commands/push.ts')).push,
  tag: async () => (await import('./commands/tag.ts')).tag,
};

/** Longer names of the same commands. */
const aliases: Record<string, string> = {
  'buildx build': 'build',
  'image build': 'build',
  'image inspect': 'inspect',
  'image ls': 'images',
};

/** The docker command of the sandbox's build host. The first argument is the sandbox's folder. */
async function main([directory = '', ...args]: string[]): Promise<void> {
  const alias = aliases[args.slice(0, 2).join(' ')];
  const [name = '', ...rest] = alias === undefined ? args : [alias, ...args.slice(2)];
  if (!Object.hasOwn(commands, name)) throw unsupported(`'docker ${args.join(' ')}'`);
  const command = await commands[name]!();
  await command(rest, {
    directory,
    environment: process.env,
    out: (output) => process.stdout.write(output),
    err: (output) => process.stderr.write(output),
    input: () => text(process.stdin),
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof DockerError)) throw error;
  process.stderr.write(`${error.message.startsWith('failed') ? 'ERROR: ' : ''}${error.message}\n`);
  process.exitCode = error.exitCode;
}
