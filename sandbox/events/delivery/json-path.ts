import { AwsError } from '#sandbox/core/errors.ts';

/** `.name`, `['name']` or `[0]`. */
const STEP = /\.([\w-]+)|\['([^']+)'\]|\[(\d+)\]/gy;

/** Reads the value at a JSON path of EventBridge: `$`, `$.detail.build-id`, `$.resources[0]`. */
export function readPath(path: string, event: unknown): unknown {
  let value = event;
  for (const step of parsePath(path)) value = (value as Record<string, unknown> | null | undefined)?.[step];
  return value;
}

export function parsePath(path: string): string[] {
  if (!path.startsWith('$')) throw invalidPath(path);
  const steps = [...path.slice(1).matchAll(STEP)];
  if (steps.map(([text]) => text).join('') !== path.slice(1)) throw invalidPath(path);
  return steps.map(([, name, quoted, index]) => name ?? quoted ?? index ?? '');
}

function invalidPath(path: string): AwsError {
  return new AwsError('ValidationException', `JSON path is not supported: ${path}`);
}
