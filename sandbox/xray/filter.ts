import { AwsError } from '#sandbox/core/errors.ts';

export interface AnnotationFilter {
  key: string;
  value: string;
}

const TERM = /\s*annotation(?:\.(?<dotted>\w+)|\[(?<bracketed>\w+)\])\s*=\s*"(?<value>[^"]*)"\s*/y;
const AND = /AND\b/iy;

/**
 * Reads a filter expression: annotations that equal a string, in either notation, joined by AND. Anything else that
 * X-Ray understands (services, edges, durations, OR, other operators) is refused.
 */
export function parseFilter(expression: string | undefined): AnnotationFilter[] {
  const filters: AnnotationFilter[] = [];
  if (expression === undefined || expression.trim() === '') return filters;
  let at = 0;
  const next = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(expression);
    if (match === null) throw unsupported(expression);
    at = pattern.lastIndex;
    return match.groups ?? {};
  };
  for (;;) {
    const { dotted, bracketed, value = '' } = next(TERM);
    filters.push({ key: dotted ?? bracketed ?? '', value });
    if (at === expression.length) return filters;
    next(AND);
  }
}

const unsupported = (expression: string) =>
  new AwsError(
    'InvalidRequestException',
    `Invalid filter expression: this sandbox knows annotation.KEY = "VALUE", joined by AND, and not: ${expression}`,
  );
