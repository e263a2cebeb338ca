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
  freeze?: string;
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
    .option('--freeze <reason>', 'freeze the service in the same moment; the rollback goes on')
    .addOption(createYesOption())
    .addOption(createWaitOption())
    .addOption(createIntervalOption())
    .addOption(createKeyOption())
    .action(
      act(async (context, name: string | undefined, options: Options) => {
        const { to, force, freeze: reason, yes, wait, interval, idempotencyKey } = options;
        const service = await serviceOf(context.api, name);
        const found = await context.api.service(service);
        // Without anything to go back to the API says why.
        if (to !== undefined || found.rollbackTo !== null) {
          context.say(describeRollback(found, to));
          if (to === undefined) await confirm(context, 'Is that right?', yes);
        }
        const freeze = reason === undefined ? undefined : { reason };
        const started = await context.api.rollBack(
          service,
          { to, force, freeze },
          idempotencyKey ?? createKey(),
        );
        if (started.joined) context.say(`Joins ${started.deployment}, which goes back there already.`);
        if (wait) return waitFor(context, started, { isNew: true, interval });
        context.print(started, () => `${started.deployment}\n`);
        context.say(
          `${started.joined ? '' : 'Started. '}Watch it with: landfall watch ${started.deployment}`,
        );
      }),
    );
};
