import jmespath from 'jmespath';
import { notSupported } from './errors.ts';

/** What the CLI prints: the answer, or the part of it that --query asks for, as JSON or as text. */
export function render(answer: object, query: string | undefined, format: string | undefined): string {
  const { $metadata: _, ...plain } = answer as Record<string, unknown>;
  const data: unknown = JSON.parse(JSON.stringify(plain));
  const selected: unknown = query === undefined ? data : jmespath.search(data, query);
  if (format === 'text') return `${text(selected)}\n`;
  if (format !== undefined && format !== 'json') throw notSupported(`--output ${format}`);
  return `${JSON.stringify(selected, null, 4)}\n`;
}

/** Scalars as they are, a list on one line between tabs, nothing as None, as the CLI's text formatter does. */
function text(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) {
    const nested = value.some((item) => typeof item === 'object' && item !== null);
    return value.map(text).join(nested ? '\n' : '\t');
  }
  if (typeof value === 'object') return Object.values(value).map(text).join('\t');
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
