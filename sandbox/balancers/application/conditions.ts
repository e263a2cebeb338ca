import type { IncomingMessage } from 'node:http';
import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';

/** Both spellings of the API: Values beside Field, or the config object named after the field. */
function valuesOf(condition: RuleCondition): string[] {
  return condition.Values ?? condition.PathPatternConfig?.Values ?? condition.HostHeaderConfig?.Values ?? [];
}

export function validateConditions(conditions: RuleCondition[] = []): void {
  if (conditions.length === 0)
    throw new AwsError('ValidationError', 'A rule must have at least one condition');
  for (const condition of conditions) {
    if (condition.Field !== 'path-pattern' && condition.Field !== 'host-header') {
      throw notSupported(`rule conditions on '${condition.Field}'`);
    }
    if (valuesOf(condition).length === 0) {
      throw new AwsError(
        'ValidationError',
        `A condition value must be specified for field '${condition.Field}'`,
      );
    }
  }
}

/** Every condition has to hold, and of each the one value or the other. */
export function conditionsHold(conditions: RuleCondition[], request: IncomingMessage): boolean {
  return conditions.every((condition) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    return condition.Field === 'path-pattern'
      ? valuesOf(condition).some((pattern) => wildcard(pattern, '').test(path))
      : valuesOf(condition).some((pattern) => wildcard(pattern, 'i').test(host));
  });
}

/** `*` is any number of characters, `?` exactly one. Paths are case-sensitive, host names are not. */
function wildcard(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags);
}
