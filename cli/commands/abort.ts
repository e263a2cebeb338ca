import { targetOf } from '../target.ts';
import type { Register } from './command.ts';

export const abort: Register = (program, act) => {
  program
    .command('abort')
    .description('stop a deployment under way; what ECS was told to do goes on')
    .argument('[target]', 'a deployment, or a service: the deployment under way')
    .action(
      act(async ({ api, print, say }, name: string | undefined) => {
        const { service, deployment } = await targetOf(api, name);
        const stopped = await api.abort(service, deployment);
        print(stopped, () => `${stopped.deployment}\n`);
        say(`Stopped. It is not rolled back: see what runs with: landfall status ${service}`);
      }),
    );
};
