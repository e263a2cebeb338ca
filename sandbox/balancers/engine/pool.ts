import { createMember, type Member, type MemberOptions, type Target } from './member.ts';

export interface PoolOptions extends MemberOptions {
  /** ALB: the port tells targets apart; classic: the instance is the target, whatever the port. */
  keyOf(target: Target): string;
  drainSeconds(): number;
  /** ALB: with no healthy target left, all registered ones get requests. Classic: none does. */
  failOpen: boolean;
}

/** The targets behind a target group or a classic load balancer. */
export interface Pool {
  register(target: Target): void;
  deregister(target: Target): Promise<void>;
  find(target: Target): Member | undefined;
  members(): Member[];
  /** Checks run only while some listener sends requests here; until then targets are `unused`. */
  setInUse(inUse: boolean): void;
  /** The next target in turn for one request. */
  pick(): Member | undefined;
  close(): void;
}

export function createPool(options: PoolOptions): Pool {
  const members = new Map<string, Member>();
  const leaving = new Map<Member, Promise<void>>();
  let inUse = false;
  let turn = 0;

  const begin = (member: Member) => {
    if (inUse) member.start();
    else member.health = { state: 'unused', successes: 0, failures: 0 };
  };

  const candidates = () => {
    const standing = [...members.values()].filter((member) => !leaving.has(member));
    const healthy = standing.filter((member) => member.health.state === 'healthy');
    return healthy.length > 0 || !options.failOpen ? healthy : standing;
  };

  return {
    register(target) {
      const key = options.keyOf(target);
      const known = members.get(key);
      if (known && !leaving.has(known)) return;
      // A target that comes back while it drains starts anew; what is in flight to it drains all the same.
      const member = createMember(target, options);
      members.set(key, member);
      begin(member);
    },

    async deregister(target) {
      const key = options.keyOf(target);
      const member = members.get(key);
      if (!member) return;
      const underway = leaving.get(member);
      if (underway) return underway;
      member.stop();
      member.health = { state: 'draining', successes: 0, failures: 0 };
      const drained = member.drain(inUse ? options.drainSeconds() : 0).then(() => {
        leaving.delete(member);
        if (members.get(key) === member) members.delete(key);
      });
      leaving.set(member, drained);
      return drained;
    },

    find: (target) => members.get(options.keyOf(target)),
    members: () => [...members.values()],

    setInUse(now) {
      if (now === inUse) return;
      inUse = now;
      for (const member of members.values()) {
        if (leaving.has(member)) continue;
        member.stop();
        begin(member);
      }
    },

    pick() {
      const standing = candidates();
      if (standing.length === 0) return undefined;
      turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
      return standing[turn % standing.length];
    },

    close() {
      for (const member of [...members.values(), ...leaving.keys()]) member.destroy();
      members.clear();
      leaving.clear();
    },
  };
}
