import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AwsError } from '#sandbox/core/errors.ts';
import { formatTraceHeader, parseTraceHeader } from '#sandbox/core/trace.ts';
import { createIam } from '#sandbox/iam/iam.ts';
import type { Daemon } from '#sandbox/xray/daemon.ts';
import { createXray } from '#sandbox/xray/xray.ts';
import { administrator, bareContext } from '../support/bare-context.ts';

const SECOND = 1_700_000_000;
const TRACE = `1-${SECOND.toString(16)}-${'a'.repeat(24)}`;
const OTHER = `1-${SECOND.toString(16)}-${'b'.repeat(24)}`;
const idOf = (digit: string) => digit.repeat(16);

const segment = (id: string, more: object = {}) => ({
  trace_id: TRACE,
  id: idOf(id),
  name: 'function',
  start_time: SECOND,
  end_time: SECOND + 2,
  ...more,
});

const daemons: Daemon[] = [];
afterEach(() => {
  for (const daemon of daemons.splice(0)) daemon.close();
});

/** X-Ray beside a real IAM with a role that may put segments and one that may not. */
async function stage() {
  const refused: string[] = [];
  const context = { ...bareContext(), debug: (message: string) => void refused.push(message) };
  const iam = createIam(context);
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const roleOf = async (RoleName: string, Action: string) => {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    await iam.definition.operations.CreateRole?.({ RoleName, AssumeRolePolicyDocument }, administrator);
    const Statement = [{ Effect: 'Allow', Action, Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.definition.operations.PutRolePolicy?.(
      { RoleName, PolicyName: 'own', PolicyDocument },
      administrator,
    );
    return `arn:aws:iam::${context.accountId}:role/${RoleName}`;
  };
  const xray = createXray(context, { iam });
  const call = async (operation: string, input: object) =>
    await xray.definition.operations[operation]?.(input, administrator);
  const put = (...documents: object[]) =>
    call('PutTraceSegments', { TraceSegmentDocuments: documents.map((each) => JSON.stringify(each)) });
  const find = async (FilterExpression?: string) => {
    const range = { StartTime: new Date(SECOND * 1000), EndTime: new Date((SECOND + 60) * 1000) };
    const { TraceSummaries } = await call('GetTraceSummaries', { ...range, FilterExpression });
    return TraceSummaries.map(({ Id }: { Id: string }) => Id);
  };
  const segments = async () => {
    const { Traces } = await call('BatchGetTraces', { TraceIds: [TRACE] });
    return Traces.flatMap((trace: { Segments: { Document: string }[] }) =>
      trace.Segments.map(({ Document }) => JSON.parse(Document)),
    );
  };
  return { xray, call, put, find, segments, roleOf, refused };
}

describe('X-Ray', () => {
  it('shows a trace with the subsegments that were sent on their own in their places', async () => {
    const { put, segments } = await stage();

    await put(
      segment('3', { type: 'subsegment', parent_id: idOf('2'), name: 'ECS' }),
      segment('2', { type: 'subsegment', parent_id: idOf('1'), name: 'handler' }),
      segment('1'),
    );

    expect(await segments()).toEqual([
      segment('1', {
        subsegments: [
          segment('2', {
            type: 'subsegment',
            parent_id: idOf('1'),
            name: 'handler',
            subsegments: [segment('3', { type: 'subsegment', parent_id: idOf('2'), name: 'ECS' })],
          }),
        ],
      }),
    ]);
  });

  it('takes the end of a segment for what was in progress, and says which traces still are', async () => {
    const { put, call, segments } = await stage();
    const range = { StartTime: new Date(SECOND * 1000), EndTime: new Date((SECOND + 60) * 1000) };
    const { end_time, ...open } = segment('1', { in_progress: true });

    await put(open);
    const before = await call('GetTraceSummaries', range);
    await put(segment('1', { fault: true }));
    const after = await call('GetTraceSummaries', range);

    expect(before.TraceSummaries).toMatchObject([{ Id: TRACE, IsPartial: true, HasFault: false }]);
    expect(after.TraceSummaries).toMatchObject([
      { Id: TRACE, IsPartial: false, HasFault: true, Duration: 2 },
    ]);
    expect(await segments()).toEqual([segment('1', { fault: true })]);
    expect(end_time).toBe(SECOND + 2);
  });

  it('finds traces by annotations anywhere in them, all of which have to be there', async () => {
    const { put, find } = await stage();
    await put(
      segment('1', { annotations: { deployment: 'one AND two' } }),
      segment('2', { annotations: { target: 'webapp' } }),
      segment('3', { trace_id: OTHER, annotations: { target: 'webapp' } }),
    );

    expect(await find('annotation.target = "webapp"')).toEqual([TRACE, OTHER]);
    expect(await find('annotation.target="webapp" AND annotation[deployment] = "one AND two"')).toEqual([
      TRACE,
    ]);
    expect(await find('annotation.target = "shop"')).toEqual([]);
    expect(await find()).toEqual([TRACE, OTHER]);
  });

  it.each([
    'service("webapp")',
    'annotation.target = "webapp" OR annotation.target = "shop"',
    'annotation.attempts = 3',
    'annotation.target != "webapp"',
    'annotation.target = "webapp" AND',
    '!annotation.target = "webapp"',
  ])('refuses the filter expression %s', async (expression) => {
    const { find } = await stage();

    await expect(find(expression)).rejects.toThrow(AwsError);
  });

  it.each([
    ['no JSON', 'x'],
    ['no trace', JSON.stringify(segment('1', { trace_id: 'trace' }))],
    ['no end', JSON.stringify(segment('1', { end_time: undefined }))],
    ['no parent', JSON.stringify(segment('1', { type: 'subsegment' }))],
  ])('does not take a document with %s', async (_, text) => {
    const { call, find } = await stage();

    const { UnprocessedTraceSegments } = await call('PutTraceSegments', { TraceSegmentDocuments: [text] });

    expect(UnprocessedTraceSegments).toMatchObject([{ ErrorCode: 'ParseError' }]);
    expect(await find()).toEqual([]);
  });
});

describe('the daemon beside a function', () => {
  /** Sends datagrams as the X-Ray SDK does, and resolves when the daemon has had its turn. */
  async function send(daemon: Daemon, messages: string[], done: () => Promise<boolean>) {
    const [address, port] = daemon.address.split(':');
    const socket = createSocket('udp4');
    for (const message of messages)
      await new Promise((resolve) => socket.send(message, Number(port), address, resolve));
    while (!(await done())) await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => socket.close(resolve));
  }

  const HEADER = '{"format":"json","version":1}\n';

  it('puts what it is sent with the role of the function', async () => {
    const { xray, roleOf, find } = await stage();
    const daemon = xray.openDaemon(await roleOf('tracing', 'xray:PutTraceSegments'));
    daemons.push(daemon);

    await send(
      daemon,
      ['no header', HEADER + JSON.stringify(segment('1'))],
      async () => (await find()).length > 0,
    );

    expect(await find()).toEqual([TRACE]);
  });

  it('puts nothing with a role that may not', async () => {
    const { xray, roleOf, find, refused } = await stage();
    const daemon = xray.openDaemon(await roleOf('mute', 'logs:PutLogEvents'));
    daemons.push(daemon);

    await send(daemon, [HEADER + JSON.stringify(segment('1'))], async () => refused.length > 0);

    expect(refused).toEqual([expect.stringContaining('xray:PutTraceSegments')]);
    expect(await find()).toEqual([]);
  });
});

describe('the header X-Amzn-Trace-Id', () => {
  it.each([
    [`Root=${TRACE}`, { root: TRACE }],
    [`Root=${TRACE};Parent=${idOf('1')};Sampled=1`, { root: TRACE, parent: idOf('1'), sampled: true }],
    [`Self=1-2-3; Sampled=0; Root=${TRACE}`, { root: TRACE, sampled: false }],
    [`Root=${TRACE};Sampled=?`, { root: TRACE }],
    ['Root=nothing', undefined],
    [undefined, undefined],
  ])('%s is read as %j', (text, header) => {
    expect(parseTraceHeader(text)).toEqual(header);
  });

  it('is written in the order in which AWS writes it', () => {
    expect(formatTraceHeader({ root: TRACE, parent: idOf('1'), sampled: false })).toBe(
      `Root=${TRACE};Parent=${idOf('1')};Sampled=0`,
    );
  });
});
