import { AwsError } from '#sandbox/core/errors.ts';
import { ConnectionLost } from '#sandbox/wire/connection-lost.ts';
import type { DisturbedCall } from '#sandbox/wire/front-door.ts';

type Perform = () => Promise<unknown>;

/** What goes wrong while the machine is in a state. */
export interface Disturbance {
  /** Around every invocation of the state's function. */
  invoke?: (run: Perform, stop: () => Promise<unknown>) => Promise<unknown>;
  /** Around every call that the state's function makes. */
  call?: (call: DisturbedCall, perform: Perform) => Promise<unknown>;
  /** No event of ECS arrives. */
  losesEvents?: boolean;
}

export interface Fault {
  /** As the page's legend explains it. */
  name: string;
  /** recovers: the deployment ends as it would have without the fault. */
  outcome: 'recovers' | 'fails' | 'bug' | 'stopped';
  strikes: 'function' | 'calls';
  /** Takes away the very means by which people are told. */
  silences?: boolean;
  /** A fresh disturbance; it calls `hit` each time it strikes. */
  arm(hit: () => void): Disturbance;
}

/** How a call is told apart: by service and operation, and of the table by the kind of its item. */
export function nameOfCall({ service, operation, input }: DisturbedCall): string {
  const name = `${service}:${operation}`;
  if (service !== 'dynamodb') return name;
  const { pk, sk } = (input.Key ?? input.Item) as Record<'pk' | 'sk', { S: string }>;
  if (pk.S.startsWith('WAIT#')) return `${name} (wait)`;
  return `${name} (${sk.S === 'STATE' ? 'claim' : 'record'})`;
}

/** Each service has a name of its own for "not so fast". */
function throttled({ service }: DisturbedCall): AwsError {
  if (service === 's3')
    return new AwsError('SlowDown', 'Please reduce your request rate.', { httpStatus: 503 });
  const code =
    { dynamodb: 'ProvisionedThroughputExceededException', elasticloadbalancing: 'Throttling' }[service] ??
    'ThrottlingException';
  return new AwsError(code, 'Rate exceeded');
}

const unavailable = () =>
  new AwsError('ServiceUnavailable', 'Service is unable to handle request.', { httpStatus: 503 });

function denied({ service, operation }: DisturbedCall): AwsError {
  const code = service === 's3' ? 'AccessDenied' : 'AccessDeniedException';
  const message = `User: landfall is not authorized to perform: ${service}:${operation}`;
  return new AwsError(code, message, { httpStatus: service === 's3' ? 403 : 400 });
}

const conflict = () => new AwsError('ConditionalCheckFailedException', 'The conditional request failed');

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

const never = () => new Promise<never>(() => {});

/** Every call that `matches` fails, for as long as the fault lasts. */
const failing =
  (error: (call: DisturbedCall) => Error, matches: (name: string) => boolean): Fault['arm'] =>
  (hit) => ({
    call: (call, perform) => {
      if (!matches(nameOfCall(call))) return perform();
      hit();
      throw error(call);
    },
  });

/** Counts the strikes on each call, so that a fault can pass after some. */
function strikes() {
  const counts = new Map<string, number>();
  return (name: string) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  };
}

/** What can happen to a function, whatever it does. */
export const invocationFaults: Fault[] = [
  {
    name: 'Lambda busy',
    outcome: 'recovers',
    strikes: 'function',
    arm: (hit) => {
      // Under the names that Step Functions gives to errors of the Lambda service.
      const errors = ['Lambda.ServiceException', 'Lambda.TooManyRequestsException'];
      return {
        invoke: (run) => {
          const name = errors.shift();
          if (name === undefined) return run();
          hit();
          throw named(name, 'Lambda could not run the function');
        },
      };
    },
  },
  {
    name: 'crash',
    outcome: 'recovers',
    strikes: 'function',
    arm: (hit) => {
      let struck = false;
      return {
        invoke: (run) => {
          if (struck) return run();
          struck = true;
          hit();
          throw named('Runtime.ExitError', 'RequestId: 1 Error: Runtime exited with error: signal: killed');
        },
      };
    },
  },
  {
    name: 'timeout',
    outcome: 'recovers',
    strikes: 'function',
    arm: (hit) => {
      let struck = false;
      return {
        invoke: async (run) => {
          if (struck) return run();
          struck = true;
          hit();
          await run().catch(() => {});
          return never();
        },
      };
    },
  },
  {
    name: 'bug before',
    outcome: 'bug',
    strikes: 'function',
    arm: (hit) => ({
      invoke: () => {
        hit();
        throw new TypeError("Cannot read properties of undefined (reading 'bug')");
      },
    }),
  },
  {
    name: 'bug after',
    outcome: 'bug',
    strikes: 'function',
    arm: (hit) => ({
      invoke: async (run) => {
        hit();
        await run().catch(() => {});
        throw new TypeError("Cannot read properties of undefined (reading 'bug')");
      },
    }),
  },
  {
    name: 'stopped',
    outcome: 'stopped',
    strikes: 'function',
    arm: (hit) => ({
      invoke: async (run, stop) => {
        hit();
        await stop();
        return run();
      },
    }),
  },
];

/** What can happen to all of a function's calls alike. */
export const everyCallFaults: Fault[] = [
  {
    name: 'answers lost',
    outcome: 'recovers',
    strikes: 'calls',
    arm: (hit) => {
      const strike = strikes();
      return {
        call: async (call, perform) => {
          const answer = await perform();
          if (strike(nameOfCall(call)) > 1) return answer;
          hit();
          throw new ConnectionLost();
        },
      };
    },
  },
  {
    name: 'all 503',
    outcome: 'fails',
    strikes: 'calls',
    silences: true,
    arm: failing(unavailable, () => true),
  },
];

/** As many calls as the machine's retries have room for, with one to spare. */
const AT_ONCE = 5;

/**
 * Each of these calls fails in all attempts of one invocation, the last time after it was performed: the function fails
 * though it has acted, and its retry, which fails at the next call, must find what it did.
 */
export function failingInTurn(names: string[]): Fault[] {
  const groups = Math.ceil(names.length / AT_ONCE);
  return Array.from({ length: groups }, (_, index) => {
    const some = names.slice(index * AT_ONCE, (index + 1) * AT_ONCE);
    return {
      name: groups === 1 ? 'in turn' : `in turn ${index + 1}`,
      outcome: 'recovers',
      strikes: 'calls',
      // The retry finds the record closed, and cannot tell whether that was before people were told or after.
      silences: some.includes('dynamodb:PutItem (record)'),
      arm: (hit) => {
        const strike = strikes();
        return {
          call: async (call, perform) => {
            const name = nameOfCall(call);
            const count = some.includes(name) ? strike(name) : 4;
            if (count > 3) return perform();
            hit();
            if (count === 1) throw throttled(call);
            if (count === 2) throw unavailable();
            await perform();
            throw new ConnectionLost();
          },
        };
      },
    };
  });
}

/** What can happen to one call. */
export function callFaults(name: string): Fault[] {
  const lasting = (what: string, error: (call: DisturbedCall) => Error): Fault => ({
    name: `${name} ${what}`,
    outcome: 'fails',
    strikes: 'calls',
    silences: name === 'sns:Publish',
    arm: failing(error, (other) => other === name),
  });
  return [
    lasting('denied', denied),
    ...(name === 'dynamodb:PutItem (claim)' ? [lasting('conflicts', conflict)] : []),
  ];
}

export const eventsLost: Fault = {
  name: 'events lost',
  outcome: 'recovers',
  strikes: 'calls',
  arm: (hit) => {
    hit();
    return { losesEvents: true };
  },
};
