import { serviceOf } from '#cli/client/target.ts';
import { personOf } from '#cli/render/format.ts';
import { createServiceArgument, type Register } from './command.ts';

export const unfreeze: Register = (program, act) => {
  program
    .command('unfreeze')
    .description("lift a service's freeze")
    .addArgument(createServiceArgument())
    .action(
      act(async ({ api, print, say, style }, name: string | undefined) => {
        const service = await serviceOf(api, name);
        const unfrozen = await api.unfreeze(service);
        print(unfrozen, () => `${style.bold(service)} is not frozen\n`);
        const { lifted } = unfrozen;
        say(
          lifted === null
            ? 'There was no freeze.'
            : `Lifted the freeze by ${personOf(lifted.requestedBy)}: ${lifted.reason}`,
        );
      }),
    );
};
