import { serviceOf } from '#cli/client/target.ts';
import { waitFor } from '#cli/following/wait.ts';
import { describeRollback } from '../render/rollback.ts';
import {
  createIntervalOption,
  createKey,
  createKeyOption,
  createServiceArgument,
  createWaitOption,
  type Register,
} from './command.ts';
import { confirm, createYesOption } from './confirm.ts';

interface Options {
  to?: string;
  force?: boolean;
  yes?: boolean;
  wait?: boolean;
  interval?: number;
  idempotencyKey?: string;
}

export const rollback: Register = (program, act) => {
  program
    .command('rollback')
    .description('deploy the last known good release before this one again, without migrating')
    .addArgument(createServiceArgument())
    .option('--to <deployment>', 'the release of this deployment instead')
    .option(
      '--force',
      'also while the service is frozen, and across a migration that is not backward compatible',
    )
    .addOption(createYesOption())
    .addOption(createWaitOption())
    .addOption(createIntervalOption())
    .addOption(createKeyOption())
    .action(
      act(async (context, name: string | undefined, options: Options) => {
        const { to, force, yes, wait, interval, idempotencyKey } = options;
        const service = await serviceOf(context.api, name);
        const found = await context.api.service(service);
        // Without anything to go back to the API says why.
        if (to !== undefined || found.rollbackTo !== null) {
          context.say(describeRollback(found, to));
          if (to === undefined) await confirm(context, 'Is that right?', yes);
        }
        const started = await context.api.rollBack(service, { to, force }, idempotencyKey ?? createKey());
        if (wait) return waitFor(context, started, { isNew: true, interval });
        context.print(started, () => `${started.deployment}\n`);
        context.say(`Started. Watch it with: landfall watch ${started.deployment}`);
      }),
    );
};
