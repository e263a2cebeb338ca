import { targetOf } from '#cli/client/target.ts';
import { waitFor } from '#cli/following/wait.ts';
import { createIntervalOption, createKey, createWaitOption, type Register } from './command.ts';

interface Options {
  wait?: boolean;
  interval?: number;
}

export const redrive: Register = (program, act) => {
  program
    .command('redrive')
    .description('go on with a failed deployment from the step that failed')
    .argument('[target]', 'a deployment, or a service: its latest deployment')
    .addOption(createWaitOption())
    .addOption(createIntervalOption())
    .action(
      act(async (context, name: string | undefined, options: Options) => {
        const { service, deployment } = await targetOf(context.api, name);
        const before = await context.api.deployment(service, deployment);
        const started = await context.api.redrive(service, deployment, createKey());
        if (options.wait)
          return waitFor(context, started, {
            ...options,
            isNew: true,
            redriveCount: before.redriveCount + 1,
          });
        context.print(started, () => `${started.deployment}\n`);
        context.say(`Goes on. Watch it with: landfall watch ${started.deployment}`);
      }),
    );
};
