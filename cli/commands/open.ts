import { targetOf } from '#cli/client/target.ts';
import { consoleAddressOf } from '#lib/deployment/notify/console.ts';
import { CliError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Register } from './command.ts';

export const open: Register = (program, act) => {
  program
    .command('open')
    .description("print the address of a deployment's execution in the Step Functions console, and open it")
    .argument('[target]', 'a deployment, or a service: the deployment under way, else the latest')
    .option('--no-browser', 'only print it')
    .action(
      act(async (context, name: string | undefined, { browser }: { browser: boolean }) => {
        const { api, io, print, isSandbox } = context;
        if (isSandbox)
          throw new CliError('NoConsole', 'The sandbox has no console.', {
            exitCode: exitCodes.failed,
            remedy: 'landfall watch shows the same on the terminal.',
          });
        const { service, deployment } = await targetOf(api, name);
        const { execution } = await api.deployment(service, deployment);
        const address = consoleAddressOf(execution);
        print({ deployment, execution, address }, () => `${address}\n`);
        // In a pipe somebody else wants the address.
        if (browser && io.out.isTTY && !context.isJson) await io.browse(address);
      }),
    );
};
