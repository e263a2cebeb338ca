import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Build } from '@aws-sdk/client-codebuild';
import { readFailure } from '#lib/deployment/ending/failure.ts';
import type { Sandbox } from '#sandbox/sandbox.ts';
import type { Followed } from './follow.ts';

/** How much of a failed build's log is shown. */
const LOG_LINES = 20;

export interface Report {
  isLive: boolean;
  text: string;
}

/** How a push ended, for its developer: live and answering, or why not. */
export async function report(sandbox: Sandbox, { build, execution, states }: Followed): Promise<Report> {
  const lastState = states?.at(-1);
  if (execution === undefined) return { isLive: false, text: await reportBuild(sandbox, build) };
  if (execution.status !== 'SUCCEEDED') {
    const failure = {
      state: lastState ?? '',
      error: execution.error ?? execution.status ?? '',
      cause: execution.cause ?? '',
    };
    const { error, message } = readFailure(failure);
    return { isLive: false, text: `\nThe deployment failed: ${error}\n\n${indented(message)}` };
  }
  if (lastState === 'Superseded')
    return { isLive: false, text: '\nSuperseded: a newer release has taken its place' };
  const url = `${sandbox.world?.loadBalancer.url}/`;
  const response = await fetch(url);
  const body = (await response.text()).trim();
  return { isLive: response.ok, text: `\nGET ${url} → ${response.status} ${body}` };
}

async function reportBuild(sandbox: Sandbox, build: Build): Promise<string> {
  if (build.buildStatus === 'SUCCEEDED') return '\nThe build has succeeded, but no deployment came of it';
  const { groupName: logGroupName, streamName: logStreamName } = build.logs ?? {};
  const logs = new CloudWatchLogsClient(sandbox);
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName, logStreamName, limit: 2 * LOG_LINES }),
  );
  // The agent's own lines repeat the commands and their outcome; what the commands said is what helps.
  const said = events
    .map(({ message = '' }) => message.trimEnd())
    .filter((line) => !/^\[Container\]/.test(line));
  const tail = said.slice(-LOG_LINES).join('\n');
  return `\nThe build is ${build.buildStatus}: nothing is deployed, what ran before still runs. The end of its log:\n\n${indented(tail)}`;
}

const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '    ');

/** What to do next, as commands that can be copied. */
export function furtherCommands({ endpoint, region, credentials, world }: Sandbox, remote: string): string {
  return `
The application      ${world?.loadBalancer.url}/ and ${world?.loadBalancer.url}/articles
Deploy a change      git clone ${remote} && cd webapp
                     (change something) && git commit --all --message "A change" && git push
Look further         export AWS_ENDPOINT_URL=${endpoint}
                     node cli/main.ts status     (and history, watch, logs, deploy, rollback, …: --help)
                     npm run build && npm install --global ./dist     (makes it the command landfall)
With the AWS CLI     export AWS_REGION=${region}
                     export AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}
                     aws ecs describe-services --cluster ecs-cluster --services webapp-service
                     aws logs filter-log-events --log-group-name /ecs/ecs-cluster --query 'events[].message'
Stop                 Ctrl-C`;
}
