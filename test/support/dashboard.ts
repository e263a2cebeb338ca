import { runInNewContext } from 'node:vm';

/** Reads the widgets of a CloudWatch dashboard, and shows them over made-up data as CloudWatch would. */

export interface Widget {
  type: string;
  properties: { title?: string; metrics?: unknown[][]; [option: string]: unknown };
}

interface Options {
  id?: string;
  label?: string;
  stat?: string;
  visible?: boolean;
}

/** One metric, those that a SEARCH finds, or what metric math makes of the others. */
export type Row =
  | { kind: 'metric'; namespace: string; name: string; dimensions: Record<string, string>; options: Options }
  | { kind: 'search'; namespace: string; name: string; keys: string[]; service: string; stat: string }
  | { kind: 'math'; expression: string; options: Options };

/** The data points of one metric in the time that is shown. */
export interface Series {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  values: number[];
}

const SEARCH = /^SEARCH\('\{(\w+),([\w,]+)\} MetricName="(\w+)" service="([\w-]+)"', '(\w+)'\)$/;

/** Throws where a row cannot be read, for what nobody reads nobody holds to anything. */
export const parseRows = ({ properties: { metrics = [] } }: Widget): Row[] => metrics.map(parseRow);

function parseRow(row: unknown[]): Row {
  const [first] = row;
  if (typeof first === 'object') return parseExpression(first as Options & { expression: string });
  const texts = row.filter((part) => typeof part === 'string');
  const options = row.find((part) => typeof part === 'object') as Options | undefined;
  const [namespace = '', name = '', ...rest] = texts;
  const dimensions = Object.fromEntries(
    rest.flatMap((key, index) => (index % 2 === 0 ? [[key, rest[index + 1] ?? '']] : [])),
  );
  return { kind: 'metric', namespace, name, dimensions, options: options ?? {} };
}

function parseExpression({ expression, ...options }: Options & { expression: string }): Row {
  if (!expression.includes('SEARCH')) return { kind: 'math', expression, options };
  const found = SEARCH.exec(expression);
  if (found === null) throw new Error(`This test cannot read the search ${expression}`);
  const [, namespace = '', keys = '', name = '', service = '', stat = ''] = found;
  return { kind: 'search', namespace, name, keys: keys.split(','), service, stat };
}

/** The numbers that a widget shows, by their labels; what has no data shows none. */
export function evaluateWidget(widget: Widget, data: Series[]): Record<string, number> {
  const rows = parseRows(widget);
  const byId = Object.fromEntries(
    rows.flatMap((row) =>
      row.kind === 'metric' && row.options.id !== undefined ? [[row.options.id, statisticOf(row, data)]] : [],
    ),
  );
  const shown = rows.flatMap((row): [string, number | undefined][] => {
    if (row.kind === 'search') return search(row, data);
    if (row.options.visible === false) return [];
    if (row.kind === 'math')
      return [[row.options.label ?? row.expression, calculateExpression(row.expression, byId)]];
    return [[row.options.label ?? row.name, statisticOf(row, data)]];
  });
  return Object.fromEntries(shown.filter((entry): entry is [string, number] => Number.isFinite(entry[1])));
}

type RowOf<Kind extends Row['kind']> = Extract<Row, { kind: Kind }>;

function statisticOf({ namespace, name, dimensions, options }: RowOf<'metric'>, data: Series[]) {
  const keys = Object.keys(dimensions);
  const series = data.find(
    (each) =>
      each.namespace === namespace &&
      each.name === name &&
      hasKeys(each, keys) &&
      keys.every((key) => each.dimensions[key] === dimensions[key]),
  );
  return series && calculateStatistic(options.stat ?? 'Average', series.values);
}

/** A SEARCH finds the metrics that have exactly these dimensions, whatever the values of those that it does not name. */
const search = ({ namespace, name, keys, service, stat }: RowOf<'search'>, data: Series[]) =>
  data
    .filter((each) => each.namespace === namespace && each.name === name && hasKeys(each, keys))
    .filter(({ dimensions }) => dimensions.service === service)
    .map(({ dimensions: { service: _, ...others }, values }): [string, number | undefined] => [
      Object.values(others).join(' '),
      calculateStatistic(stat, values),
    ]);

const hasKeys = ({ dimensions }: Series, keys: string[]) =>
  Object.keys(dimensions).sort().join() === keys.toSorted().join();

function calculateStatistic(stat: string, values: number[]): number | undefined {
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.length === 0) return undefined;
  if (stat === 'Sum') return sum;
  if (stat === 'Average') return sum / values.length;
  if (stat === 'Maximum') return Math.max(...values);
  const percentile = /^p(\d+)$/.exec(stat)?.[1];
  if (percentile === undefined) throw new Error(`This test does not know the statistic ${stat}`);
  return values.toSorted((a, b) => a - b)[Math.ceil((Number(percentile) / 100) * values.length) - 1];
}

/** Metric math of numbers, ids, the four operations and FILL reads like JavaScript; other functions throw. */
function calculateExpression(expression: string, values: Record<string, number | undefined>): number {
  if (!/^[\w\s+\-*/().,]*$/.test(expression)) throw new Error(`This test cannot read ${expression}`);
  const FILL = (value: number | undefined, filler: number) => value ?? filler;
  return runInNewContext(expression, { ...values, FILL });
}
