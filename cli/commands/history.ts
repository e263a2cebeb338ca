import { renderHistory } from '../render/history.ts';
import { serviceOf } from '../target.ts';
import { type Register, upTo } from './command.ts';

export const history: Register = (program, act) => {
  program
    .command('history')
    .description("list a service's deployments, newest first")
    .argument('[service]', 'may be left out where there is only one')
    .option('-n, --limit <number>', 'how many, 1 to 100', upTo(100), 20)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .action(
      act(async (context, name: string | undefined, options: { limit: number; cursor?: string }) => {
        const { api, io, print, say, style } = context;
        const page = await api.deployments(await serviceOf(api, name), options);
        print(page, () => renderHistory(page.deployments, io.now(), style));
        if (page.nextCursor !== null && !context.isJson)
          say(`There are older ones: --cursor ${page.nextCursor}`);
      }),
    );
};
