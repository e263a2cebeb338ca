import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Build } from '@aws-sdk/client-codebuild';
import { readFailure } from '#lib/deployment/ending/failure.ts';
import type { Repository, Sandbox } from '#sandbox/sandbox.ts';
import type { Followed } from './follow.ts';

/** The service of services.yml that examples/webapp is. */
const EXAMPLE = 'webapp';
/** How much of a failed build's log is shown. */
const LOG_LINES = 20;

export interface Report {
  isLive: boolean;
  text: string;
}

/** How a build or a deployment ended: live and answering, or why not. */
export async function report(sandbox: Sandbox, { build, execution, states }: Followed): Promise<Report> {
  if (execution === undefined) return { isLive: false, text: await reportBuild(sandbox, build) };
  const { name, status, error, cause = '', input = '{}' } = execution;
  const lastState = states.at(-1);
  if (status !== 'SUCCEEDED') {
    const failure = readFailure({ state: lastState ?? '', error: error ?? status ?? '', cause });
    return { isLive: false, text: `\n${name} failed: ${failure.error}\n\n${indented(failure.message)}` };
  }
  if (lastState === 'Superseded')
    return { isLive: false, text: `\n${name} is superseded: a newer release has taken its place` };
  // The load balancer of this world is the example's.
  if (JSON.parse(input).service !== EXAMPLE) return { isLive: true, text: `\n${name} is live` };
  const url = `${sandbox.world?.loadBalancer.url}/`;
  const response = await fetch(url);
  const body = (await response.text()).trim();
  return { isLive: response.ok, text: `\nGET ${url} → ${response.status} ${body}` };
}

async function reportBuild(sandbox: Sandbox, build: Build): Promise<string> {
  const { projectName, buildNumber, buildStatus, logs: { groupName, streamName } = {} } = build;
  const name = `Build ${buildNumber} of ${projectName}`;
  if (buildStatus === 'SUCCEEDED') return `\n${name} has succeeded, but no deployment came of it`;
  const logs = new CloudWatchLogsClient(sandbox);
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName: groupName, logStreamName: streamName, limit: 2 * LOG_LINES }),
  );
  // The agent's own lines repeat the commands and their outcome; what the commands said is what helps.
  const said = events
    .map(({ message = '' }) => message.trimEnd())
    .filter((line) => !/^\[Container\]/.test(line));
  const tail = said.slice(-LOG_LINES).join('\n');
  return `\n${name} is ${buildStatus}: nothing is deployed, what ran before still runs. The end of its log:\n\n${indented(tail)}`;
}

const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '    ');

/** Where each build project's source is pushed to, as lines. */
export const pushAddresses = (repositories: Repository[]): string =>
  repositories.map(({ project, url }) => `Push to              ${url}     (built by ${project})`).join('\n');

/** What to do next, as commands that can be copied. */
export function furtherCommands(sandbox: Sandbox, remote: string): string {
  const { endpoint, region, credentials, world, repositories = [] } = sandbox;
  return `
The application      ${world?.loadBalancer.url}/ and ${world?.loadBalancer.url}/articles
Deploy a change      git clone ${remote} && cd webapp
                     (change something) && git commit --all --message "A change" && git push
${pushAddresses(repositories)}
Look further         export AWS_ENDPOINT_URL=${endpoint}
                     node cli/main.ts status     (and history, watch, logs, deploy, rollback, …: --help)
                     npm run build && npm install --global ./dist     (makes it the command landfall)
With the AWS CLI     export AWS_REGION=${region}
                     export AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}
                     aws ecs describe-services --cluster ecs-cluster --services webapp-service
                     aws logs filter-log-events --log-group-name /ecs/ecs-cluster --query 'events[].message'
Stop                 Ctrl-C`;
}
