import { renderDiff } from '../render/dry-run.ts';
import { type Register, serviceArgument, tryOut, type What, what } from './command.ts';

export const diff: Register = (program, act) => {
  program
    .command('diff')
    .description('show what a deployment would change, and change nothing')
    .addArgument(serviceArgument())
    .addOption(what.image())
    .addOption(what.commit())
    .action(
      act(async (context, name: string | undefined, options: What) => {
        const { service, digest, taskDefinition, serviceDefinition } = await tryOut(context, name, options);
        const changes = { service, digest, taskDefinition, serviceDefinition };
        context.print(changes, () => renderDiff(changes, context.style));
      }),
    );
};
