import { targetOf } from '#cli/client/target.ts';
import { isOver } from '#cli/outcome.ts';
import { renderAborted } from '../render/aborted.ts';
import type { Register } from './command.ts';
import { confirm, createYesOption } from './confirm.ts';

export const abort: Register = (program, act) => {
  program
    .command('abort')
    .description('stop a deployment under way; what ECS was told to do goes on')
    .argument('[target]', 'a deployment, or a service: the deployment under way')
    .addOption(createYesOption())
    .action(
      act(async (context, name: string | undefined, { yes }: { yes?: boolean }) => {
        const { api, print, say, errStyle } = context;
        const { service, deployment } = await targetOf(api, name);
        const [found, { waiter }] = await Promise.all([
          api.deployment(service, deployment),
          api.service(service),
        ]);
        if (name !== deployment && !isOver(found))
          await confirm(
            context,
            `Stop ${deployment} in ${found.steps.at(-1)?.state ?? 'its first state'}?`,
            yes,
          );
        const stopped = await api.abort(service, deployment);
        print(stopped, () => `${stopped.deployment}\n`);
        for (const line of renderAborted(found, waiter, errStyle)) say(line);
      }),
    );
};
