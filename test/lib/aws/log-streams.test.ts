import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createLogStreams } from '#lib/aws/log-streams.ts';
import { createIam } from '#sandbox/iam/iam.ts';
import { createLogs } from '#sandbox/logs/logs.ts';
import { createFrontDoor } from '#sandbox/wire/front-door.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import { createRole } from '#test/sandbox/support/roles.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const { context, remove } = testContext();
const iam = createIam(context);
const logs = createLogs(context);
const door = createFrontDoor(context, { iam, definitions: [iam.definition, logs.definition] });
const role = await createRole(iam, 'reader', [
  {
    Action: 'logs:GetLogEvents',
    Resource: `arn:aws:logs:${context.region}:${context.accountId}:log-group:/ecs/webapp:*`,
  },
]);
const client = new CloudWatchLogsClient({
  region: context.region,
  maxAttempts: 1,
  credentials: iam.issueCredentials(role, 'test'),
  requestHandler: inProcessHandler(door),
});

afterAll(remove);

/** Log streams that keep their warnings. */
function stage() {
  const warnings: { message: string; error: string }[] = [];
  const streams = createLogStreams((message, { name: error }) => warnings.push({ message, error }), client);
  return { streams, warnings };
}

const stream = (logGroupName: string, logStreamName: string) => ({ logGroupName, logStreamName });

describe('the tail of a log stream', () => {
  it('is its last messages', async () => {
    for (const text of ['one', 'two', 'three']) logs.write('/ecs/webapp', 'task', text);
    const { streams, warnings } = stage();

    const tail = await streams.tail(stream('/ecs/webapp', 'task'), 2);

    expect({ tail, warnings }).toEqual({ tail: ['two', 'three'], warnings: [] });
  });

  it('is nothing where the stream has not been made', async () => {
    logs.write('/ecs/webapp', 'task', 'one');
    const { streams, warnings } = stage();

    const tail = await streams.tail(stream('/ecs/webapp', 'other task'), 2);

    expect({ tail, warnings }).toEqual({ tail: [], warnings: [] });
  });

  it('is nothing, with a warning, where it may not be read, while reading it fails', async () => {
    logs.write('/ecs/secret', 'task', 'one');
    const { streams, warnings } = stage();

    const tail = await streams.tail(stream('/ecs/secret', 'task'), 2);
    const read = streams.read(stream('/ecs/secret', 'task'), 'tail', 2);

    expect(tail).toEqual([]);
    expect(warnings).toEqual([
      { message: 'The log /ecs/secret task cannot be read', error: 'AccessDeniedException' },
    ]);
    await expect(read).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
