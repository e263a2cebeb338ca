import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errors } from '#lib/deployment/errors.ts';
import { METRICS } from '#lib/deployment/notify/metrics.ts';
import { NAMESPACE } from '#lib/middleware/metrics.ts';
import { evaluateWidget, parseRows, type Series, type Widget } from './support/dashboard.ts';
import { root } from './support/wiring.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

const { Resources } = JSON.parse(
  readFileSync(join(root, '.serverless', 'cloudformation-template-update-stack.json'), 'utf8'),
) as { Resources: Record<string, Resource> };

const ofType = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);

interface Metric {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
}

const alarms = ofType('AWS::CloudWatch::Alarm').map(([id, { Properties }]) => ({
  id,
  AlarmActions: Properties.AlarmActions,
  /** The one that it watches, or those that its expression adds up. */
  metrics: ((Properties.Metrics as { MetricStat?: { Metric: Metric } }[] | undefined)?.flatMap(
    ({ MetricStat }) => MetricStat?.Metric ?? [],
  ) ?? [Properties]) as Metric[],
}));
const watched = alarms.flatMap(({ metrics }) => metrics);

const body = ofType('AWS::CloudWatch::Dashboard').map(([, { Properties }]) => {
  const { 'Fn::Sub': text } = Properties.DashboardBody as { 'Fn::Sub': string };
  return { text, ...(JSON.parse(text) as { widgets: Widget[] }) };
})[0];
const widgets = body?.widgets ?? [];

/** Namespace, name and dimension names of each metric that the widgets show or search. */
const shown = () =>
  widgets.flatMap(parseRows).flatMap((row) => {
    if (row.kind === 'math') return [];
    const { namespace, name } = row;
    return [{ namespace, name, keys: row.kind === 'search' ? row.keys : Object.keys(row.dimensions) }];
  });
const alarming = watched.map(({ Namespace, MetricName, Dimensions }) => ({
  namespace: Namespace,
  name: MetricName,
  keys: Dimensions.map(({ Name }) => Name),
}));
const AWS: Record<string, string[]> = {
  'AWS/Events InvocationsFailedToBeSentToDlq': ['RuleName'],
  'AWS/Lambda DestinationDeliveryFailures': ['FunctionName'],
  'AWS/Lambda Errors': ['FunctionName'],
  'AWS/SQS ApproximateNumberOfMessagesVisible': ['QueueName'],
  'AWS/ApiGateway 5xx': ['ApiId'],
  'AWS/States ExecutionsTimedOut': ['StateMachineArn'],
};

describe('dashboard and alarms', () => {
  it('name only metrics that the functions count, under the dimensions that they count them by', () => {
    const declared = Object.fromEntries(
      Object.entries(METRICS).map(([name, { dimensions }]) => [`${NAMESPACE} ${name}`, [...dimensions]]),
    );

    expect([...shown(), ...alarming].length).toBeGreaterThan(10);
    for (const { namespace, name, keys } of [...shown(), ...alarming]) {
      expect([namespace, name, keys]).toEqual([
        namespace,
        name,
        { ...declared, ...AWS }[`${namespace} ${name}`],
      ]);
    }
  });

  it('leave no metric out', () => {
    const named = new Set([...shown(), ...alarming].map(({ name }) => name));

    expect(Object.keys(METRICS).filter((name) => !named.has(name))).toEqual([]);
  });

  it('show the four DORA metrics over the last seven days, not over the calendar’s week so far', () => {
    const numbers = widgets.filter(({ properties }) => properties.view === 'singleValue');

    expect(numbers.length).toBeGreaterThan(3);
    for (const { properties } of numbers)
      expect(properties).toMatchObject({ start: '-P7D', end: 'P0D', setPeriodToTimeRange: true });
  });

  it('watch every rule and every function of events for what could not even be kept', () => {
    const of = (type: string, name: (id: string, resource: Resource) => unknown) =>
      ofType(type).map(([id, resource]) => name(id, resource));
    const values = (metric: string) =>
      watched
        .filter(({ MetricName }) => MetricName === metric)
        .map(({ Dimensions: [dimension] }) => dimension?.Value);

    expect(values('InvocationsFailedToBeSentToDlq').sort()).toEqual(
      of('AWS::Events::Rule', (_, { Properties }) => Properties.Name).sort(),
    );
    expect(values('DestinationDeliveryFailures')).toEqual(
      expect.arrayContaining(
        of('AWS::Lambda::EventInvokeConfig', (_, { Properties }) => Properties.FunctionName),
      ),
    );
  });

  it('refer only to resources of this stack', () => {
    const referred = [...(body?.text ?? '').matchAll(/\$\{(?!AWS::)(\w+)/g)].map(([, id]) => id ?? '');

    expect(referred).toContain('DeadLetters');
    expect(referred.filter((id) => !(id in Resources))).toEqual([]);
  });

  it('tell people on the topic of what needs one: every alarm has its action', () => {
    expect(alarms.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['WebappRollbackFailedAlarm', 'WebappStuckClaimAlarm', 'DeadLettersAlarm']),
    );
    for (const { AlarmActions } of alarms)
      expect(AlarmActions).toEqual([{ Ref: 'Topic' }, { Ref: 'ChatTopic' }]);
  });

  it('watch for errors that exist', () => {
    const names = watched.flatMap(({ MetricName, Dimensions }) =>
      MetricName === 'Failures'
        ? Dimensions.filter(({ Name }) => Name === 'error').map(({ Value }) => Value)
        : [],
    );

    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !(String(name) in errors))).toEqual([]);
  });
});

describe('the dashboard, over a week of data', () => {
  const of = (service: string, name: string, values: number[], others = {}): Series => ({
    namespace: NAMESPACE,
    name,
    dimensions: { service, ...others },
    values,
  });
  /** Four releases of webapp went live, the last over one that failed; the shop's metrics are not webapp's. */
  const week = [
    of('webapp', 'Deployments', [1, 1, 1, 1], { status: 'SUCCEEDED' }),
    of('webapp', 'Deployments', [1, 1], { status: 'FAILED' }),
    of('webapp', 'Deployments', [1], { status: 'ROLLED_BACK' }),
    of('webapp', 'Failures', [1], { error: 'RolloutCrashLoop' }),
    of('webapp', 'Failures', [1], { error: 'MigrationFailed' }),
    of('webapp', 'Changes', [1, 1, 1, 1, 1]),
    of('webapp', 'FailedChanges', [1]),
    of('webapp', 'LeadTime', [300, 6000, 600]),
    of('webapp', 'TimeToRestore', [900, 120, 3000]),
    of('webapp', 'Duration', [60, 90, 120]),
    of('webapp', 'QueueTime', [1, 40, 2]),
    of('webapp', 'StateDuration', [20, 40], { state: 'AwaitRollout' }),
    of('webapp', 'StateDuration', [2, 4], { state: 'AwaitMigration' }),
    of('webapp', 'ClaimTime', [30, 90, 60]),
    of('shop', 'Deployments', [1, 1], { status: 'SUCCEEDED' }),
    of('shop', 'Failures', [1], { error: 'RolloutFailed' }),
    of('shop', 'Changes', [1, 1, 1]),
    of('shop', 'FailedChanges', [1, 1, 1]),
    of('shop', 'LeadTime', [60]),
    of('shop', 'TimeToRestore', [60]),
    of('shop', 'StateDuration', [7], { state: 'AwaitRollout' }),
  ];

  const showing = (title: string, data: Series[]) =>
    widgets
      .filter(({ properties }) => properties.title === title)
      .map((widget) => evaluateWidget(widget, data));
  const without = (...names: string[]) => week.filter(({ name }) => !names.includes(name));

  it.each([
    ['Deployment frequency: went live a week', { live: 4 }],
    ['Lead time for changes: build started to live, median', { minutes: 10 }],
    ['Change failure rate', { '%': 20 }],
    ['Time to restore: failed change to a good release, median', { minutes: 15 }],
    ['Deployments by their end', { SUCCEEDED: 4, FAILED: 2, ROLLED_BACK: 1 }],
    ['Failures by name', { RolloutCrashLoop: 1, MigrationFailed: 1 }],
    [
      'Duration by state, and in the queue (seconds)',
      { AwaitRollout: 30, AwaitMigration: 3, 'whole, p90': 120, 'queue, longest': 40 },
    ],
    ['The claim has been held for (minutes)', { webapp: 1.5 }],
  ])('shows of webapp, once: %s', (title, shown) => {
    expect(showing(title, week)).toEqual([shown]);
  });

  it('has a change failure rate of nothing where no change failed, and none where nothing changed', () => {
    expect(showing('Change failure rate', without('FailedChanges'))).toEqual([{ '%': 0 }]);
    expect(showing('Change failure rate', without('Changes', 'FailedChanges'))).toEqual([{}]);
  });

  it('shows no number of what has no data', () => {
    expect(
      widgets.map((widget) => evaluateWidget(widget, [])).filter((each) => Object.keys(each).length > 0),
    ).toEqual([]);
  });

  it.each([
    `SEARCH('{Landfall,service} LeadTime service="webapp"', 'p50')`,
    `SUM(SEARCH('{Landfall,service} MetricName="LeadTime" service="webapp"', 'p50'))`,
  ])('fails at a search that the test cannot read: %s', (expression) => {
    const widget: Widget = { type: 'metric', properties: { metrics: [[{ expression }]] } };

    expect(() => parseRows(widget)).toThrow('cannot read the search');
  });
});
