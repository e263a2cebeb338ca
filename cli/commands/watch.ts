import { buildOf, targetOf } from '#cli/client/target.ts';
import { waitFor, waitForBuild } from '#cli/following/wait.ts';
import { createIntervalOption, type Register } from './command.ts';

export const watch: Register = (program, act) => {
  program
    .command('watch')
    .description(
      'show a deployment, or a build and then its deployment, until it is over, and exit with how it ended; Ctrl-C ends the showing only',
    )
    .argument(
      '[target]',
      "a deployment, a build (CodeBuild's id), or a service: the deployment under way, else the latest",
    )
    .addOption(createIntervalOption())
    .action(
      act(async (context, name: string | undefined, options: { interval?: number }) => {
        const streaming = { ...options, stream: true };
        const build = await buildOf(context.api, name);
        if (build !== undefined) return waitForBuild(context, build, streaming);
        const target = await targetOf(context.api, name);
        const { isLatest = false } = target;
        if (isLatest) context.say('Nothing is under way. This is the latest deployment, which is over:');
        return waitFor(context, target, streaming);
      }),
    );
};
