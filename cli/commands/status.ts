import { serviceOf } from '#cli/client/target.ts';
import { renderService } from '../render/service.ts';
import { createServiceArgument, type Register } from './command.ts';

export const status: Register = (program, act) => {
  program
    .command('status')
    .description('show a service: what runs, who deploys, who waits, the freeze, the latest events')
    .addArgument(createServiceArgument())
    .action(
      act(async ({ api, io, print, style }, name: string | undefined) => {
        const service = await api.service(await serviceOf(api, name));
        print(service, () => renderService(service, { now: io.now(), columns: io.out.columns }, style));
      }),
    );
};
