import { apiCommands } from './commands.ts';
import { AwsCommandError, notSupported } from './errors.ts';
import { type OptionType, readOptions } from './options.ts';
import { render } from './output.ts';

const GLOBAL: Record<string, OptionType> = {
  '--region': 'text',
  '--output': 'text',
  '--query': 'text',
  '--no-cli-pager': 'flag',
};

/** The aws command of the sandbox's build host: the few commands that builds use, and no others. */
async function run(args: string[]): Promise<string> {
  const [service = '', operation = '', ...rest] = args;
  const name = `${service} ${operation}`;
  if (name === 's3 cp') return (await import('./s3-cp.ts')).s3Copy(rest);
  const command = Object.hasOwn(apiCommands, name) ? apiCommands[name] : undefined;
  if (!command && name !== 'ecr get-login-password') throw notSupported(`'aws ${args.join(' ')}'`);
  const {
    region,
    output,
    query,
    noCliPager: _,
    ...input
  } = readOptions(rest, { ...GLOBAL, ...command?.options });
  if (typeof region === 'string') process.env.AWS_REGION = region;
  if (!command) return (await import('./get-login-password.ts')).getLoginPassword();
  try {
    const answer = await command.call(input);
    return render(answer, query as string | undefined, output as string | undefined);
  } catch (error) {
    throw asServiceError(error, operation);
  }
}

/** `describe-images` failed as DescribeImages: in the CLI's own sentence, which scripts look for. */
function asServiceError(error: unknown, command: string): unknown {
  if (!(error instanceof Error) || !('$metadata' in error)) return error;
  const operation = command.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return new AwsCommandError(
    `An error occurred (${error.name}) when calling the ${operation} operation: ${error.message}`,
    254,
  );
}

// The first argument is the sandbox's folder, which the docker command needs and this one does not.
try {
  process.stdout.write(await run(process.argv.slice(3)));
} catch (error) {
  const known = error instanceof AwsCommandError;
  process.stderr.write(`\n${error instanceof Error ? error.message : error}\n`);
  process.exitCode = known ? error.exitCode : 255;
}
