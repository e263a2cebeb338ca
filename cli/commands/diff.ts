import { renderDiff } from '../render/dry-run.ts';
import { serviceOf } from '../target.ts';
import { type Register, requestOf, serviceArgument, type What, what } from './command.ts';

export const diff: Register = (program, act) => {
  program
    .command('diff')
    .description('show what a deployment would change, and change nothing')
    .addArgument(serviceArgument())
    .addOption(what.image())
    .addOption(what.commit())
    .action(
      act(async ({ api, print, style }, name: string | undefined, options: What) => {
        const request = requestOf(options);
        const { taskDefinition, serviceDefinition, ...answer } = await api.dryRun(
          await serviceOf(api, name),
          request,
        );
        const changes = { service: answer.service, digest: answer.digest, taskDefinition, serviceDefinition };
        print(changes, () => renderDiff(changes, style));
      }),
    );
};
