import { createServer, type RequestListener, type Server } from 'node:http';
import FakeTimers from '@sinonjs/fake-timers';
import { type Balancers, type BalancersOptions, createBalancers } from '#sandbox/balancers/balancers.ts';
import { type Clock, systemClock } from '#sandbox/core/clock.ts';
import { createHostNetwork } from '#sandbox/core/network.ts';
import { listen } from '#sandbox/core/ports.ts';
import { administrator, bareContext } from '../support/bare-context.ts';

type Answered = { id: string; port: number; state: string };

/** Load balancers, real HTTP servers as targets, and a way to wait for the next health check. */
export function createStage(options: BalancersOptions & { clock?: Clock } = {}) {
  const servers: Server[] = [];
  const waiting: { id: string; resolve: (check: Answered) => void }[] = [];
  const network = createHostNetwork();
  const balancers: Balancers = createBalancers(
    bareContext(options.clock ?? systemClock),
    { network },
    {
      ...options,
      onHealthCheck: ({ target, health }) => {
        for (const one of waiting.filter(({ id }) => id === target.id)) {
          waiting.splice(waiting.indexOf(one), 1);
          one.resolve({ ...target, state: health.state });
        }
      },
    },
  );
  const [classic, application] = balancers.definitions;
  const call = (definition: typeof classic) => async (operation: string, input: object) =>
    await definition?.operations[operation]?.(input, administrator);

  return {
    balancers,
    network,
    classic: call(classic),
    application: call(application),
    /** The state of that target after its next answered check. */
    nextCheck: (id: string) =>
      new Promise<string>((resolve) => waiting.push({ id, resolve: (check) => resolve(check.state) })),
    /** A real server, bound as `host:port` of the sandbox's network. */
    async serve(host: string, port: number, answer: RequestListener): Promise<Server> {
      const server = createServer(answer);
      servers.push(server);
      network.bind(host, port, await listen(server));
      return server;
    },
    async close() {
      await balancers.close();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

export type Stage = ReturnType<typeof createStage>;

/** A clock that stands still until it is told to go on. */
export function virtualClock() {
  const timers = FakeTimers.createClock(1_700_000_000_000);
  const clock: Clock = {
    now: () => timers.now,
    setTimeout: (callback, milliseconds) => timers.setTimeout(callback, milliseconds),
    clearTimeout: (timer) => timers.clearTimeout(timer as FakeTimers.TimerId),
  };
  return { clock, advance: (milliseconds: number) => timers.tickAsync(milliseconds) };
}
