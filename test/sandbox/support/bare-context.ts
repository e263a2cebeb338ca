import { type Clock, systemClock } from '#sandbox/core/clock.ts';
import { seededRandom } from '#sandbox/core/random.ts';
import type { OperationContext, SandboxContext } from '#sandbox/core/service.ts';

/** The account's administrator, who may do everything. */
export const administrator: OperationContext = {
  caller: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:root', userId: '123456789012' },
  requestId: 'test',
};

/** What a service without files of its own is given, with a seeded randomness and the parts of a clock that a test sets. */
export function bareContext(clock: Partial<Clock> = {}): SandboxContext {
  return {
    clock: { ...systemClock, ...clock },
    random: seededRandom(1),
    accountId: '123456789012',
    region: 'us-east-1',
    directory: '',
    endpoint: () => 'http://127.0.0.1',
    emit: () => {},
    debug: () => {},
  };
}
