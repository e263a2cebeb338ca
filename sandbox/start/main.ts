import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quickDurations } from '#sandbox/durations.ts';
import { packageApplication } from '#sandbox/packaging.ts';
import { type Sandbox, startSandbox } from '#sandbox/sandbox.ts';
import { stopOnSignals } from '#sandbox/signals.ts';
import { type Followed, follow } from './follow.ts';
import { pushApplication } from './push.ts';

/**
 * `npm start`: packages the application, starts the sandbox, pushes examples/webapp through the whole pipeline, shows
 * it, and stays up for further pushes. `--once` ends after the first: 0 when it is live and has answered.
 */
const { values } = parseArgs({
  options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '4566' } },
});

const began = performance.now();
const print = (line: string) => console.log(line);
const step = (what: string) =>
  print(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${what}`);

const { reused, ...application } = await packageApplication(process.cwd());
step(reused ? 'packaged before, nothing has changed' : 'packaged: serverless package');

const sandbox = await startSandbox({ ...quickDurations, application, port: Number(values.port) });
const watching = new AbortController();
stopOnSignals(async () => {
  watching.abort();
  await sandbox.stop();
});
step(`the sandbox listens on ${sandbox.endpoint}`);

const remote = (await sandbox.services.git.repository('webapp')).url;
const commit = await pushApplication(
  join('examples', 'webapp'),
  join(sandbox.context.directory, 'webapp'),
  remote,
);
step(`pushed examples/webapp (${commit.slice(0, 7)}) to ${remote}`);

const deployments = follow({
  client: { endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentials },
  project: 'landfall-dev-webapp',
  stateMachine: 'landfall-dev',
  print,
  signal: watching.signal,
});
for await (const followed of deployments) {
  const live = await conclude(followed);
  if (values.once) {
    watching.abort();
    await sandbox.stop();
    process.exit(live ? 0 : 1);
  }
  print(furtherCommands(sandbox, remote));
}

/** Says how it ended; true when the release is live and the application answers. */
async function conclude({ build, execution }: Followed): Promise<boolean> {
  if (execution === undefined) {
    print(
      `\nNothing was deployed: the build is ${build.buildStatus}. Its log: ${build.logs?.groupName} ${build.logs?.streamName}`,
    );
    return false;
  }
  print('');
  step(`the deployment ${execution.name} is ${execution.status}`);
  if (execution.status !== 'SUCCEEDED') {
    print(`\n${execution.error}: ${execution.cause ?? ''}`);
    return false;
  }
  const url = `${sandbox.world?.loadBalancer.url}/`;
  const response = await fetch(url);
  const body = await response.text();
  step(`GET ${url} → ${response.status} ${body.trim()}`);
  return response.ok;
}

function furtherCommands({ endpoint, region, credentials, world }: Sandbox, remote: string): string {
  return `
The application      ${world?.loadBalancer.url}/    and /articles
Deploy again         git clone ${remote} && cd webapp, change something, git commit -a, git push
Look further         export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}
                     aws stepfunctions list-state-machines
                     aws ecs describe-services --cluster ecs-cluster --services webapp-service
                     aws logs describe-log-groups
Stop                 Ctrl-C`;
}
