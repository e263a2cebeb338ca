import { InvalidArgumentError, Option } from 'commander';
import { serviceOf } from '#cli/client/target.ts';
import { describeFreeze } from '../render/service.ts';
import { createServiceArgument, type Register } from './command.ts';
import { parseUntil } from './until.ts';

interface Options {
  reason: string;
  until?: (now: number) => string;
}

export const freeze: Register = (program, act) => {
  program
    .command('freeze')
    .description('refuse deployments of a service; one under way stops before its next change')
    .addArgument(createServiceArgument())
    .requiredOption('--reason <reason>', 'what people are told')
    .addOption(
      new Option(
        '--until <time>',
        'a time (2030-01-31T12:00Z) or a while (90s, 30m, 2h, 3d); default: until it is lifted',
      ).argParser(parseUntilOption),
    )
    .action(
      act(async ({ api, io, print, say, style }, name: string | undefined, { reason, until }: Options) => {
        const service = await serviceOf(api, name);
        const frozen = await api.freeze(service, { reason, until: until?.(io.now()) });
        print(frozen, () => `${style.bold(service)} is frozen ${describeFreeze(frozen)}\n`);
        const { replaced, claim } = frozen;
        if (replaced !== null) say(`It replaces the freeze that was in force ${describeFreeze(replaced)}`);
        if (claim !== null)
          say(
            `${claim.deployment} is under way: it stops before its next change. A rollout that ECS has begun goes on, may go live, and is not rolled back automatically while the service is frozen; to lead it back all the same: landfall rollback ${service} --force`,
          );
      }),
    );
};

function parseUntilOption(text: string): (now: number) => string {
  const parsed = parseUntil(text);
  if (parsed === undefined)
    throw new InvalidArgumentError(
      'It is a time like 2030-01-31T12:00Z, or a while like 90s, 30m, 2h or 3d.',
    );
  return parsed;
}
