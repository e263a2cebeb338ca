import { targetOf } from '../target.ts';
import { waitFor } from '../wait.ts';
import { intervalOption, type Register } from './command.ts';

export const watch: Register = (program, act) => {
  program
    .command('watch')
    .description(
      'show a deployment until it is over, and exit with how it ended; Ctrl-C ends the showing only',
    )
    .argument('[target]', 'a deployment, or a service: the deployment under way, else the latest')
    .addOption(intervalOption())
    .action(
      act(async (context, name: string | undefined, options: { interval?: number }) =>
        waitFor(context, await targetOf(context.api, name), { ...options, stream: true }),
      ),
    );
};
