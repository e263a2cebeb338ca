import { Agent } from 'node:http';
import type { Clock, Timer } from '#sandbox/core/clock.ts';
import type { HostNetwork } from '#sandbox/core/network.ts';
import { type Health, judge, unchecked } from './health.ts';
import type { HealthCheck, Probe, ProbeTarget } from './probe.ts';

/** What a load balancer sends requests to: an EC2 instance id or a task's address, and a port of it. */
export interface Target {
  id: string;
  port: number;
}

/** One exchange in flight through a member; `cut` ends it where it stands. */
export interface Flight {
  cut(): void;
}

export interface MemberOptions {
  clock: Clock;
  network: HostNetwork;
  check(): HealthCheck;
  /** How one check is made. */
  probe: ProbeTarget;
  oneSuccessIsEnoughAtFirst: boolean;
  onCheck(member: Member): void;
}

/** A registered target: its health, checked for as long as it is started, and what is in flight to it. */
export interface Member {
  readonly target: Target;
  health: Health;
  /** Keeps connections to the target between requests, as the load balancer does. */
  readonly agent: Agent;
  start(): void;
  stop(): void;
  begin(flight: Flight): () => void;
  /** Resolves when nothing is in flight, or cuts what is left when `seconds` are over. */
  drain(seconds: number): Promise<void>;
  destroy(): void;
}

export function createMember(target: Target, options: MemberOptions): Member {
  const { clock, network } = options;
  const flights = new Set<Flight>();
  let whenIdle: (() => void) | undefined;
  let timer: Timer;
  let running: Probe | undefined;
  let generation = 0;

  const checkOnce = async (mine: number) => {
    const check = options.check();
    timer = clock.setTimeout(() => checkOnce(mine), check.intervalSeconds * 1000);
    const port = check.port === 'traffic-port' ? target.port : check.port;
    running = options.probe(network.resolve(target.id, port), check, clock);
    const result = await running.result;
    if (mine !== generation) return;
    member.health = judge(member.health, result, check, options.oneSuccessIsEnoughAtFirst);
    options.onCheck(member);
  };

  const member: Member = {
    target,
    health: { ...unchecked },
    // Idle connections are given up well before common servers do (node: 5 s), so that a request does not
    // meet a connection that the target is just closing.
    agent: new Agent({ keepAlive: true, timeout: 4000, maxFreeSockets: 32 }),
    start() {
      member.stop();
      const mine = generation;
      member.health = { ...unchecked };
      timer = clock.setTimeout(() => checkOnce(mine), 0);
    },
    stop() {
      generation += 1;
      clock.clearTimeout(timer);
      running?.cancel();
      running = undefined;
    },
    begin(flight) {
      flights.add(flight);
      return () => {
        if (flights.delete(flight) && flights.size === 0) whenIdle?.();
      };
    },
    async drain(seconds) {
      if (flights.size > 0 && seconds > 0) {
        const idle = Promise.withResolvers<void>();
        whenIdle = idle.resolve;
        const deadline = clock.setTimeout(idle.resolve, seconds * 1000);
        await idle.promise;
        clock.clearTimeout(deadline);
      }
      member.destroy();
    },
    destroy() {
      member.stop();
      for (const flight of [...flights]) flight.cut();
      whenIdle?.();
      member.agent.destroy();
    },
  };
  return member;
}
