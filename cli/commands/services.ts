import { renderServices } from '../render/services.ts';
import type { Register } from './command.ts';

export const services: Register = (program, act) => {
  program
    .command('services')
    .description('list the services of this installation')
    .action(
      act(async ({ api, io, print, style }) => {
        const all = await api.services();
        print({ services: all }, () => renderServices(all, io.now(), style));
      }),
    );
};
