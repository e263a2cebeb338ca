import { renderDiff } from '../render/dry-run.ts';
import {
  createServiceArgument,
  type Register,
  type ReleaseOptions,
  releaseOptions,
  requestDryRun,
} from './command.ts';

export const diff: Register = (program, act) => {
  program
    .command('diff')
    .description('show what a deployment would change, and change nothing')
    .addArgument(createServiceArgument())
    .addOption(releaseOptions.image())
    .addOption(releaseOptions.commit())
    .action(
      act(async (context, name: string | undefined, options: ReleaseOptions) => {
        const { service, digest, taskDefinition, serviceDefinition } = await requestDryRun(
          context,
          name,
          options,
        );
        const changes = { service, digest, taskDefinition, serviceDefinition };
        context.print(changes, () => renderDiff(changes, context.style));
      }),
    );
};
