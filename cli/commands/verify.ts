import { exitCodes } from '../exit-codes.ts';
import { renderVerification } from '../render/dry-run.ts';
import { serviceOf } from '../target.ts';
import { type Register, requestOf, serviceArgument, type What, what } from './command.ts';

export const verify: Register = (program, act) => {
  program
    .command('verify')
    .description('say whether the pre-flight of a deployment would pass, and change nothing')
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
        print(answer, () => renderVerification(answer, style));
        return answer.verification.passed ? exitCodes.done : exitCodes.failed;
      }),
    );
};
