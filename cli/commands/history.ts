import { searchHistory, type Wanted } from '#cli/client/search-history.ts';
import { serviceOf } from '#cli/client/target.ts';
import { renderHistory } from '../render/history.ts';
import { commitOf, createServiceArgument, parseUpTo, type Register } from './command.ts';

export const history: Register = (program, act) => {
  program
    .command('history')
    .description("list a service's deployments, newest first")
    .addArgument(createServiceArgument())
    .option('-n, --limit <number>', 'how many, 1 to 100', parseUpTo(100), 20)
    .option('--failed', 'only those that failed, were aborted or timed out')
    .option('--commit <sha>', 'only those of this commit, in full or shortened', commitOf)
    .option('--cursor <cursor>', 'go on where the page before ended')
    .action(
      act(async (context, name: string | undefined, options: Wanted) => {
        const { api, io, print, say, style } = context;
        const page = await searchHistory(api, await serviceOf(api, name), options);
        print(page, () => renderHistory(page.deployments, io.now(), style));
        if (page.nextCursor !== null && !context.isJson)
          say(`There are older ones: --cursor ${page.nextCursor}`);
      }),
    );
};
