import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { createApi } from '#cli/client/api.ts';
import { connect } from '#cli/client/connection.ts';
import { createSend } from '#cli/client/request.ts';
import type { GlobalOptions } from '#cli/context.ts';
import type { Io } from '#cli/terminal/io.ts';
import { scriptFor } from './completion-script.ts';

/** Whoever presses Tab waits no longer than so many milliseconds for the API. */
const COMPLETION_TIMEOUT = 1_500;
/** Arguments in whose place the name of a service may stand. */
const NAMED = new Set(['service', 'target']);

/** Adds the completion of commands and options in the shells, and of the services' names, which the API knows. */
export function addCompletion(program: Command, io: Io): void {
  const completions = tab(program, { completionCommandName: 'completion' });
  // The library's own words, in the style of the others'.
  commandOf(program, 'completion')?.description(
    'print the script that completes this command in bash, zsh, fish or powershell',
  );
  commandOf(program, 'completion')?.action((shell: string) => void io.out.write(scriptFor(shell)));
  let services: string[] = [];
  for (const command of completions.commands.values())
    for (const argument of command.arguments.values())
      if (NAMED.has(argument.name))
        argument.handler = (complete) => {
          for (const service of services) complete(service, '');
        };
  // The library takes what its handlers say at once: it has to be known before they are asked.
  commandOf(program, 'complete')?.hook('preAction', async (_, { args }) => {
    if (mayNameService(program, args)) services = await readServices(program, args.slice(0, -1), io);
  });
}

const commandOf = (program: Command, name: string) =>
  program.commands.find((command) => command.name() === name);

/** Whether the last word, which is being typed, may be a service's name: the first after a command that takes one. */
function mayNameService(program: Command, words: string[]): boolean {
  const [name, ...others] = operandsOf(program, words);
  const takesOne = commandOf(program, name ?? '')?.registeredArguments.some((each) => NAMED.has(each.name()));
  return takesOne === true && others.length === 1;
}

/** The words that are neither options nor their values. */
function operandsOf(program: Command, words: string[]): string[] {
  const options = [program, ...program.commands].flatMap((command) => command.options);
  const takesValue = (word = '') =>
    options.some(({ long, short, required }) => required && [long, short].includes(word));
  return words.filter((word, at) => !word.startsWith('-') && !takesValue(words[at - 1]));
}

/** None, in silence, where the API cannot be asked, or does not answer soon. */
async function readServices(program: Command, words: string[], io: Io): Promise<string[]> {
  const answered = new AbortController();
  const late = new AbortController();
  const limited: Pick<Io, 'env' | 'fetch' | 'pause'> = {
    env: io.env,
    fetch: (input, init) =>
      io.fetch(input, {
        ...init,
        signal: AbortSignal.any([late.signal, ...(init?.signal ? [init.signal] : [])]),
      }),
    pause: (milliseconds) => io.pause(milliseconds, late.signal),
  };
  const ask = async () => {
    // The line that is being typed may say where the API is, and as whom it is asked.
    program.parseOptions(words);
    const connection = await connect(program.opts<GlobalOptions>(), limited);
    const services = await createApi(createSend(connection, limited)).services();
    return services.map(({ service }) => service);
  };
  const giveUp = async () => {
    await io.pause(COMPLETION_TIMEOUT, answered.signal);
    late.abort();
    return [];
  };
  try {
    return await Promise.race([ask().catch(() => []), giveUp()]);
  } finally {
    answered.abort();
  }
}
