import { exitCodes } from '../exit-codes.ts';
import { renderVerification } from '../render/dry-run.ts';
import {
  createServiceArgument,
  type Register,
  type ReleaseOptions,
  releaseOptions,
  requestDryRun,
} from './command.ts';

export const verify: Register = (program, act) => {
  program
    .command('verify')
    .description('say whether the pre-flight of a deployment would pass, and change nothing')
    .addArgument(createServiceArgument())
    .addOption(releaseOptions.image())
    .addOption(releaseOptions.commit())
    .action(
      act(async (context, name: string | undefined, options: ReleaseOptions) => {
        const { taskDefinition, serviceDefinition, ...answer } = await requestDryRun(context, name, options);
        context.print(answer, () => renderVerification(answer, context.style));
        return answer.verification.passed ? exitCodes.done : exitCodes.failed;
      }),
    );
};
