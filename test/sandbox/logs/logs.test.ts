import { describe, expect, it } from '@jest/globals';
import { createLogs, type LogsOptions, type WrittenEvent } from '#sandbox/logs/logs.ts';
import { administrator, bareContext } from '../support/bare-context.ts';

const day = 24 * 3600 * 1000;
const now = 1_700_000_000_000;

function stage(options: LogsOptions = {}) {
  const time = { now };
  const logs = createLogs(bareContext({ now: () => time.now }), options);
  const call = async (operation: string, input: object) =>
    await logs.definition.operations[operation]?.(input, administrator);
  return { logs, call, time };
}

const messages = (answer: { events: { message: string }[] }) => answer.events.map((event) => event.message);

describe('CloudWatch Logs', () => {
  it('pages through a stream from its head, giving the same token back at its end', async () => {
    const { logs, call } = stage();
    for (const text of ['one', 'two', 'three']) logs.write('/web', 'task/1', text);
    const read = (input: object) =>
      call('GetLogEvents', { logGroupName: '/web', logStreamName: 'task/1', ...input });

    const first = await read({ startFromHead: true, limit: 2 });
    const second = await read({ nextToken: first.nextForwardToken, limit: 2 });
    const end = await read({ nextToken: second.nextForwardToken, limit: 2 });
    logs.write('/web', 'task/1', 'four');
    const later = await read({ nextToken: end.nextForwardToken });
    const back = await read({ nextToken: second.nextBackwardToken, limit: 1 });

    expect([first, second, end, later, back].map(messages)).toEqual([
      ['one', 'two'],
      ['three'],
      [],
      ['four'],
      ['two'],
    ]);
    expect(end.nextForwardToken).toBe(second.nextForwardToken);
  });

  it('shows the tail by default', async () => {
    const { logs, call } = stage();
    for (let count = 1; count <= 5; count += 1) logs.write('/web', 's', String(count), now + count);

    const tail = await call('GetLogEvents', { logGroupName: '/web', logStreamName: 's', limit: 2 });

    expect(messages(tail)).toEqual(['4', '5']);
  });

  it.each([
    ['ERROR', ['an ERROR here', 'ERROR timeout']],
    ['ERROR timeout', ['ERROR timeout']],
    ['"ERROR timeout"', ['ERROR timeout']],
    ['?ERROR ?warn', ['an ERROR here', 'ERROR timeout', 'a warn-ing']],
    ['ERROR -timeout', ['an ERROR here']],
    ['', ['an ERROR here', 'ERRORS', 'ERROR timeout', 'a warn-ing']],
  ])('filters across streams, in order of time, by the pattern %s', async (filterPattern, expected) => {
    const { logs, call } = stage();
    logs.write('/web', 'a', 'an ERROR here', now);
    logs.write('/web', 'b', 'ERRORS', now + 1);
    logs.write('/web', 'b', 'ERROR timeout', now + 2);
    logs.write('/web', 'a', 'a warn-ing', now + 3);

    const answer = await call('FilterLogEvents', { logGroupName: '/web', filterPattern });

    expect(messages(answer)).toEqual(expected);
  });

  it('says that JSON patterns are not supported instead of finding nothing', async () => {
    const { logs, call } = stage();
    logs.write('/web', 'a', '{"level":"ERROR"}');

    const search = call('FilterLogEvents', { logGroupName: '/web', filterPattern: '{ $.level = "ERROR" }' });

    await expect(search).rejects.toMatchObject({ code: 'UnsupportedOperation' });
  });

  it('lists streams by their last event and refuses a prefix with that order', async () => {
    const { logs, call } = stage();
    logs.write('/web', 'a', 'late', now + 9);
    logs.write('/web', 'b', 'early', now);
    const input = { logGroupName: '/web', orderBy: 'LastEventTime', descending: true };

    const { logStreams } = await call('DescribeLogStreams', input);

    expect(logStreams.map((stream: { logStreamName: string }) => stream.logStreamName)).toEqual(['a', 'b']);
    await expect(call('DescribeLogStreams', { ...input, logStreamNamePrefix: 'a' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });

  it('takes what is in time and rejects the rest of a batch by index', async () => {
    const { call } = stage();
    await call('CreateLogGroup', { logGroupName: '/web' });
    await call('CreateLogStream', { logGroupName: '/web', logStreamName: 's' });
    const put = (timestamps: number[]) =>
      call('PutLogEvents', {
        logGroupName: '/web',
        logStreamName: 's',
        logEvents: timestamps.map((timestamp) => ({ timestamp, message: String(timestamp) })),
      });

    const answer = await put([now - 15 * day, now, now + day]);

    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect(messages(await call('FilterLogEvents', { logGroupName: '/web' }))).toEqual([String(now)]);
    await expect(put([now, now - 1])).rejects.toMatchObject({ message: /chronological order/ });
    await expect(call('CreateLogGroup', { logGroupName: '/web' })).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    await expect(call('GetLogEvents', { logGroupName: '/web', logStreamName: 'x' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });

  it('forgets events that are older than the retention', async () => {
    const { logs, call, time } = stage();
    logs.write('/web', 's', 'old');
    await call('PutRetentionPolicy', { logGroupName: '/web', retentionInDays: 3 });
    time.now += 3 * day + 1;
    logs.write('/web', 's', 'new');

    expect(messages(await call('FilterLogEvents', { logGroupName: '/web' }))).toEqual(['new']);
  });

  it('keeps within its memory by giving up the oldest events', async () => {
    const { logs, call } = stage({ maximumBytes: 10 * (26 + 10) });
    for (let count = 10; count < 40; count += 1)
      logs.write('/web', `s${count % 3}`, `message ${count}`, now + count);

    const kept = messages(await call('FilterLogEvents', { logGroupName: '/web' }));

    expect(kept).toEqual(Array.from({ length: 10 }, (_, index) => `message ${30 + index}`));
  });

  it('tells listeners of every event until they leave', () => {
    const { logs } = stage();
    const seen: WrittenEvent[] = [];
    const leave = logs.onWrite((event) => seen.push(event));

    logs.write('/web', 's', 'heard\nin one piece');
    leave();
    logs.write('/web', 's', 'not heard');

    expect(seen).toEqual([
      { logGroupName: '/web', logStreamName: 's', message: 'heard\nin one piece', timestamp: now },
    ]);
  });

  it('asks IAM for the stream, whose name is empty where the group is meant', () => {
    const { logs } = stage();
    const ask = (operation: string, input: Record<string, unknown>) =>
      logs.definition.authorize?.(operation, input)?.[0]?.resources[0];

    expect(ask('FilterLogEvents', { logGroupName: '/web' })).toBe(
      'arn:aws:logs:us-east-1:123456789012:log-group:/web:log-stream:',
    );
    expect(ask('PutLogEvents', { logGroupName: '/web', logStreamName: 's' })).toBe(
      'arn:aws:logs:us-east-1:123456789012:log-group:/web:log-stream:s',
    );
  });
});
