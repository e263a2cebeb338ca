import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errors } from '#lib/deployment/errors.ts';
import { METRICS } from '#lib/deployment/notify/metrics.ts';
import { NAMESPACE } from '#lib/middleware/metrics.ts';
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

interface Widget {
  type: string;
  properties: { title?: string; metrics?: unknown[][]; [option: string]: unknown };
}

/** Namespace, name and dimension names of each metric that a widget shows or searches. */
function metricsOf({
  properties: { metrics = [] },
}: Widget): { namespace: string; name: string; keys: string[] }[] {
  return metrics.flatMap((metric) => {
    const [first] = metric;
    if (typeof first === 'object') {
      const { expression } = first as { expression: string };
      const [, namespace = '', keys = '', name = ''] =
        /^SEARCH\('\{(\w+),([\w,]+)\} MetricName="(\w+)"/.exec(expression) ?? [];
      return namespace === '' ? [] : [{ namespace, name, keys: keys.split(',') }];
    }
    const [namespace = '', name = '', ...rest] = metric.filter((part) => typeof part === 'string');
    return [{ namespace, name, keys: rest.filter((_, index) => index % 2 === 0) }];
  });
}

const shown = (body?.widgets ?? []).flatMap(metricsOf);
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

    expect([...shown, ...alarming].length).toBeGreaterThan(10);
    for (const { namespace, name, keys } of [...shown, ...alarming]) {
      expect([namespace, name, keys]).toEqual([
        namespace,
        name,
        { ...declared, ...AWS }[`${namespace} ${name}`],
      ]);
    }
  });

  it('leave no metric out', () => {
    const named = new Set([...shown, ...alarming].map(({ name }) => name));

    expect(Object.keys(METRICS).filter((name) => !named.has(name))).toEqual([]);
  });

  it('show the four DORA metrics for each service', () => {
    const titles = (body?.widgets ?? []).map(({ properties }) => properties.title ?? '').join('\n');

    for (const title of ['Deployment frequency', 'Lead time', 'Change failure rate', 'Time to restore'])
      expect(titles).toContain(title);
  });

  it('show them over the last seven days, not over the calendar’s week so far', () => {
    const numbers = (body?.widgets ?? []).filter(({ properties }) => properties.view === 'singleValue');

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
