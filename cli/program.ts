import { Command } from 'commander';
import packageFile from '../package.json' with { type: 'json' };
import type { Act, Handler } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { addCompletion } from './completion/completion.ts';
import { createContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Io } from './terminal/io.ts';

/** The whole command line. `finish` is told the exit code of the command that ran. */
export function buildProgram(io: Io, finish: (exitCode: ExitCode) => void, isJson = false): Command {
  const program = new Command('landfall')
    .description('Deploy services to Amazon ECS by Landfall, and see what became of it.')
    .version(packageFile.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--api <address>', "the API's address (default: LANDFALL_API, else the sandbox of this machine)")
    .option('--profile <name>', 'the AWS profile to sign with (default: the standard credential chain)')
    .option('--region <region>', "the API's region (default: that of its address, else AWS_REGION)")
    .option('--json', 'answer in JSON')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.out.write(text),
      // With --json the error is written as a document by whoever catches it.
      writeErr: (text) => void (isJson || io.err.write(text)),
      getOutHelpWidth: () => io.out.columns ?? 100,
      getErrHelpWidth: () => io.err.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  for (const register of commands) register(program, act);
  program
    .command('version')
    .description('print the version')
    .action(() => void io.out.write(`${packageFile.version}\n`));
  addCompletion(program, io);
  return program;

  // Commander calls an action with the command's arguments, its options, and itself.
  function act<Args extends unknown[]>(handler: Handler<Args>): ReturnType<Act> {
    return async (...args: unknown[]) => {
      const context = await createContext(args.at(-1) as Command, io);
      finish((await handler(context, ...(args.slice(0, -1) as Args))) ?? exitCodes.done);
    };
  }
}

const EXIT_CODES = `
Exit codes:
  0    done; where a deployment was waited for, it is live
  1    failed, and the service runs what it ran before; or refused
  2    failed, and a person has to look at what runs
  3    superseded by another deployment
  64   the command line, or the request, is wrong
  69   the API does not answer properly
  77   no credentials, or not allowed
  130  Ctrl-C: no longer watching, the deployment goes on
  141  whoever read the output reads no more`;
