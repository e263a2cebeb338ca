import { jest } from '@jest/globals';

/** Reads the metrics that the functions print, as CloudWatch would read them. */

interface EmbeddedMetric {
  _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [key: string]: unknown;
}

export interface PrintedMetric {
  namespace: string;
  name: string;
  value: number;
  keys: string[];
  dimensions: Record<string, unknown>;
}

export interface PrintedMetrics {
  all(): PrintedMetric[];
  /** The values of one metric, of those that have these dimensions. */
  valuesOf(name: string, wanted?: Record<string, string>): number[];
  /** How many deployments have changed the service, and how many of these failed. */
  changes(): { all: number; failed: number };
  forget(): void;
  end(): void;
}

/** From now on; nothing else is printed meanwhile. */
export function capturePrintedMetrics(): PrintedMetrics {
  let text = '';
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  const print = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });

  const all = () =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{"_aws"'))
      .flatMap((line) => metricsOf(JSON.parse(line)));

  const valuesOf: PrintedMetrics['valuesOf'] = (name, wanted = {}) =>
    all()
      .filter((each) => each.name === name)
      .filter(({ dimensions }) => Object.entries(wanted).every(([key, value]) => dimensions[key] === value))
      .map(({ value }) => value);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

  return {
    all,
    valuesOf,
    changes: () => ({ all: sum(valuesOf('Changes')), failed: sum(valuesOf('FailedChanges')) }),
    forget() {
      text = '';
    },
    end() {
      print.mockRestore();
      process.env.POWERTOOLS_METRICS_DISABLED = 'true';
    },
  };
}

const metricsOf = (metric: EmbeddedMetric): PrintedMetric[] =>
  metric._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions: [keys = []], Metrics }) =>
    Metrics.map(({ Name }) => ({
      namespace: Namespace,
      name: Name,
      value: metric[Name] as number,
      keys,
      dimensions: Object.fromEntries(keys.map((key) => [key, metric[key]])),
    })),
  );
