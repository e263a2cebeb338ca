import { edited, greeting, type Scenario } from './scenario.ts';

const HOME = "'/': { GET: async () => [200,";
const BROKEN_HOME = "'/': { GET: async () => [500,";

/** The server runs and listens: only the load balancer can tell that it is of no use, and ECS acts upon that. */
export const answers500: Scenario = {
  name: 'answers-500',
  about: '/ answers 500, so that the load balancer keeps it out of service; rolled back, mended by a push',
  breaking: {
    message: 'Rework the home page',
    files: (read) => ({ 'app/http.js': edited(read('app/http.js'), HOME, BROKEN_HOME) }),
  },
  fails: {
    error: 'HealthCheckFailed',
    states: ['UpdateService', 'AwaitRollout', 'RollBackService', 'AwaitRollback', 'HaltDeployment'],
    says: [
      /\d tasks of \S+ were stopped by ECS for it/,
      /Task failed ELB health checks in \(elb webapp-load-balancer\)/,
      /Rolled back: \S+ runs\./,
      /A redrive goes on from UpdateService\./,
    ],
  },
  mending: {
    push: {
      message: 'Answer / again',
      files: (read) => ({
        'app/http.js': edited(greeting(read, 'hello, healthy!')['app/http.js'], BROKEN_HOME, HOME),
      }),
    },
  },
};
