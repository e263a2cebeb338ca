/** A route key in parts: `GET /services/{service}`, `ANY /{proxy+}`, `$default`. */
export interface RoutePattern {
  routeKey: string;
  /** Undefined in `$default`. */
  method?: string;
  segments?: Segment[];
}

type Segment = { literal: string } | { variable: string } | { greedy: string };

export interface RouteMatch<R extends RoutePattern> {
  route: R;
  pathParameters: Record<string, string>;
}

const ROUTE_KEY = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) (\/.*)$/;

/** Reads a route key; undefined where it has not the form of one. */
export function parseRouteKey(routeKey: string): RoutePattern | undefined {
  if (routeKey === '$default') return { routeKey };
  const [, method, path] = ROUTE_KEY.exec(routeKey) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const segments = path.slice(1).split('/').map(parseSegment);
  const isGreedyInside = segments.slice(0, -1).some((segment) => 'greedy' in segment);
  return isGreedyInside ? undefined : { routeKey, method, segments };
}

function parseSegment(text: string): Segment {
  const [, name, plus] = /^\{([\w.:-]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { literal: text };
  return plus === '+' ? { greedy: name } : { variable: name };
}

/**
 * The most specific route for a request, as API Gateway chooses it: literals before variables before greedy
 * variables, segment by segment; a method before ANY; `$default` last.
 */
export function selectRoute<R extends RoutePattern>(
  routes: Iterable<R>,
  method: string,
  path: string,
): RouteMatch<R> | undefined {
  const matches = [...routes]
    .map((route) => matchRoute(route, method, path))
    .filter((match) => match !== undefined);
  return matches.sort((a, b) => compare(rank(a.route), rank(b.route)))[0];
}

function matchRoute<R extends RoutePattern>(
  route: R,
  method: string,
  path: string,
): RouteMatch<R> | undefined {
  if (route.segments === undefined) return { route, pathParameters: {} };
  if (route.method !== 'ANY' && route.method !== method) return undefined;
  const pathParameters = matchPath(route.segments, path.slice(1).split('/'));
  return pathParameters && { route, pathParameters };
}

function matchPath(segments: Segment[], parts: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if ('greedy' in segment) {
      const rest = parts.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [segment.greedy]: decode(rest) };
    }
    if ('literal' in segment ? segment.literal !== part : part === '') return undefined;
    if ('variable' in segment) parameters[segment.variable] = decode(part);
  }
  return parts.length === segments.length ? parameters : undefined;
}

/** Per segment 0 literal, 1 variable, 2 greedy; then the method; `$default` after everything. */
function rank({ segments, method }: RoutePattern): number[] {
  if (segments === undefined) return [3];
  const kinds = segments.map((segment) => ('literal' in segment ? 0 : 'variable' in segment ? 1 : 2));
  return [...kinds, method === 'ANY' ? 1 : 0];
}

function compare(left: number[], right: number[]): number {
  const index = left.findIndex((value, position) => value !== right[position]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
