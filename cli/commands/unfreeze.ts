import { serviceOf } from '../target.ts';
import type { Register } from './command.ts';

export const unfreeze: Register = (program, act) => {
  program
    .command('unfreeze')
    .description("lift a service's freeze")
    .argument('[service]', 'may be left out where there is only one')
    .action(
      act(async ({ api, print, style }, name: string | undefined) => {
        const service = await serviceOf(api, name);
        await api.unfreeze(service);
        print({ service, freeze: null }, () => `${style.bold(service)} is not frozen\n`);
      }),
    );
};
