import { jest } from '@jest/globals';

/** Reads the figures that the functions print, as CloudWatch would read them. */

interface EmbeddedMetric {
  _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [key: string]: unknown;
}

export interface PrintedFigure {
  namespace: string;
  name: string;
  value: number;
  keys: string[];
  dimensions: Record<string, unknown>;
}

export interface PrintedFigures {
  all(): PrintedFigure[];
  /** The values of one figure, of those that have these dimensions. */
  valuesOf(name: string, wanted?: Record<string, string>): number[];
  forget(): void;
  end(): void;
}

/** From now on; nothing else is printed meanwhile. */
export function printedFigures(): PrintedFigures {
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
      .flatMap((line) => figuresOf(JSON.parse(line)));

  return {
    all,
    valuesOf: (name, wanted = {}) =>
      all()
        .filter((each) => each.name === name)
        .filter(({ dimensions }) => Object.entries(wanted).every(([key, value]) => dimensions[key] === value))
        .map(({ value }) => value),
    forget() {
      text = '';
    },
    end() {
      print.mockRestore();
      process.env.POWERTOOLS_METRICS_DISABLED = 'true';
    },
  };
}

const figuresOf = (metric: EmbeddedMetric): PrintedFigure[] =>
  metric._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions: [keys = []], Metrics }) =>
    Metrics.map(({ Name }) => ({
      namespace: Namespace,
      name: Name,
      value: metric[Name] as number,
      keys,
      dimensions: Object.fromEntries(keys.map((key) => [key, metric[key]])),
    })),
  );
