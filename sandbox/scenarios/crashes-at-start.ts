import { edited, greeting, type Scenario } from './scenario.ts';

const CONFIGURATION = 'const pool = new pg.Pool(';
const MISTAKE = `if (!process.env.ARTICLES_CACHE) throw new Error('ARTICLES_CACHE is not set');\n${CONFIGURATION}`;

export const crashesAtStart: Scenario = {
  name: 'crashes-at-start',
  about: 'the server throws at its start; rolled back, mended by a push',
  breaking: {
    message: 'Cache articles',
    files: (read) => ({ 'server.js': edited(read('server.js'), CONFIGURATION, MISTAKE) }),
  },
  fails: {
    error: 'RolloutCrashLoop',
    states: ['UpdateService', 'AwaitRollout', 'RollBackService', 'AwaitRollback', 'HaltDeployment'],
    says: [
      /\d tasks of \S+ stopped, the last one because container webapp exited with code 1/,
      /ARTICLES_CACHE is not set/,
      /Rolled back: \S+ runs\./,
      /A redrive goes on from UpdateService\./,
    ],
  },
  mending: {
    push: {
      message: 'Start without a cache',
      files: (read) => ({
        'server.js': edited(read('server.js'), MISTAKE, CONFIGURATION),
        ...greeting(read, 'hello, started!'),
      }),
    },
  },
};
