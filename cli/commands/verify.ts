import { exitCodes } from '../exit-codes.ts';
import { renderVerification } from '../render/dry-run.ts';
import { type Register, serviceArgument, tryOut, type What, what } from './command.ts';

export const verify: Register = (program, act) => {
  program
    .command('verify')
    .description('say whether the pre-flight of a deployment would pass, and change nothing')
    .addArgument(serviceArgument())
    .addOption(what.image())
    .addOption(what.commit())
    .action(
      act(async (context, name: string | undefined, options: What) => {
        const { taskDefinition, serviceDefinition, ...answer } = await tryOut(context, name, options);
        context.print(answer, () => renderVerification(answer, context.style));
        return answer.verification.passed ? exitCodes.done : exitCodes.failed;
      }),
    );
};
