import { targetOf } from '../target.ts';
import type { Register } from './command.ts';

export const logs: Register = (program, act) => {
  program
    .command('logs')
    .description('show the last lines that the container which failed a deployment wrote to its log')
    .argument('[target]', 'a deployment, or a service: its latest deployment')
    .action(
      act(async ({ api, print, say }, name: string | undefined) => {
        const { service, deployment } = await targetOf(api, name);
        const { failure, status } = await api.deployment(service, deployment);
        const { container = null, taskArn = null, logTail = [] } = failure ?? {};
        print({ service, deployment, container, taskArn, logTail }, () =>
          logTail.map((line) => `${line}\n`).join(''),
        );
        if (failure === null) say(`${deployment} is ${status}: the API keeps the log of failures only.`);
        else if (logTail.length === 0)
          say(`${failure.error} in ${failure.state} has no log: no container failed, or it wrote none.`);
        else if (taskArn !== null) say(`(${container ?? 'the container'} of ${taskArn})`);
      }),
    );
};
