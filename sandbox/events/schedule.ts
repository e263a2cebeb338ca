import type { Clock, Timer } from '#sandbox/core/clock.ts';
import { AwsError } from '#sandbox/core/errors.ts';

const MILLISECONDS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The period of `rate(5 minutes)`. Cron expressions are not supported. */
export function periodOf(expression: string): number {
  if (expression.startsWith('cron(')) {
    throw new AwsError('ValidationException', `This sandbox does not support cron schedules: ${expression}`);
  }
  const [, count, unit] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const milliseconds = MILLISECONDS[unit ?? ''];
  if (milliseconds === undefined)
    throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  return Number(count) * milliseconds;
}

/** The timers of scheduled rules, by the rule's ARN. */
export class Schedules {
  readonly #timers = new Map<string, Timer>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(ruleArn: string, period: number, tick: () => void): void {
    this.stop(ruleArn);
    const next = () => {
      this.#timers.set(
        ruleArn,
        this.#clock.setTimeout(() => {
          next();
          tick();
        }, period),
      );
    };
    next();
  }

  stop(ruleArn: string): void {
    this.#clock.clearTimeout(this.#timers.get(ruleArn));
    this.#timers.delete(ruleArn);
  }

  close(): void {
    for (const ruleArn of [...this.#timers.keys()]) this.stop(ruleArn);
  }
}
