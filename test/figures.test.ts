import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errors } from '#lib/deployment/errors.ts';
import { FIGURES } from '#lib/deployment/figures.ts';
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

const alarms = ofType('AWS::CloudWatch::Alarm').map(([id, { Properties }]) => ({ id, ...Properties })) as {
  id: string;
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
  AlarmActions: unknown[];
  Threshold: number;
}[];

const body = ofType('AWS::CloudWatch::Dashboard').map(([, { Properties }]) => {
  const { 'Fn::Sub': text } = Properties.DashboardBody as { 'Fn::Sub': string };
  return { text, ...(JSON.parse(text) as { widgets: Widget[] }) };
})[0];

interface Widget {
  type: string;
  properties: { title?: string; metrics?: unknown[][] };
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
const alarming = alarms.map(({ Namespace, MetricName, Dimensions }) => ({
  namespace: Namespace,
  name: MetricName,
  keys: Dimensions.map(({ Name }) => Name),
}));
const AWS: Record<string, string[]> = {
  'AWS/Lambda Errors': ['FunctionName'],
  'AWS/SQS ApproximateNumberOfMessagesVisible': ['QueueName'],
  'AWS/ApiGateway 5xx': ['ApiId'],
};

describe('dashboard and alarms', () => {
  it('name only figures that the functions count, under the dimensions that they count them by', () => {
    const declared = Object.fromEntries(
      Object.entries(FIGURES).map(([name, { dimensions }]) => [`${NAMESPACE} ${name}`, [...dimensions]]),
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

  it('leave no figure out', () => {
    const named = new Set([...shown, ...alarming].map(({ name }) => name));

    expect(Object.keys(FIGURES).filter((name) => !named.has(name))).toEqual([]);
  });

  it('show the four DORA figures for each service', () => {
    const titles = (body?.widgets ?? []).map(({ properties }) => properties.title ?? '').join('\n');

    for (const title of ['Deployment frequency', 'Lead time', 'Change failure rate', 'Time to restore'])
      expect(titles).toContain(title);
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
    const names = alarms.flatMap(({ MetricName, Dimensions }) =>
      MetricName === 'Failures'
        ? Dimensions.filter(({ Name }) => Name === 'error').map(({ Value }) => Value)
        : [],
    );

    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !(String(name) in errors))).toEqual([]);
  });
});
