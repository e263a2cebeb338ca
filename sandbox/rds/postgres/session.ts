import type { PGlite } from '@electric-sql/pglite';

/** Who holds the session; `evict` ends a holder that lets others wait too long. */
export interface Holder {
  evict(): void;
}

/** PGlite's one session, given to one client at a time. */
export interface Session {
  /** Resolves when the session is this holder's; at once when it is already. */
  acquire(holder: Holder): Promise<void>;
  release(holder: Holder): void;
  holds(holder: Holder): boolean;
  execute(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * Hands the session round in order of arrival, as a pooler in transaction mode does: a holder keeps it from
 * its first message until the server is ready for the next query outside a transaction. A holder that says nothing
 * for `idleTimeoutMilliseconds` while others wait is cut off: with one session it would stop them for good.
 */
export function createSession(db: PGlite, idleTimeoutMilliseconds: number): Session {
  const waiting: { holder: Holder; grant(): void }[] = [];
  let held: Holder | undefined;
  let idleTimeout: NodeJS.Timeout | undefined;

  const watch = () => {
    clearTimeout(idleTimeout);
    const holder = held;
    if (waiting.length > 0) idleTimeout = setTimeout(() => holder?.evict(), idleTimeoutMilliseconds);
  };

  return {
    async acquire(holder) {
      if (held === holder) return;
      if (!held) {
        held = holder;
        return;
      }
      const granted = Promise.withResolvers<void>();
      waiting.push({ holder, grant: granted.resolve });
      if (waiting.length === 1) watch();
      await granted.promise;
    },

    release(holder) {
      const place = waiting.findIndex((one) => one.holder === holder);
      if (place >= 0) waiting.splice(place, 1);
      if (held !== holder) return;
      const next = waiting.shift();
      held = next?.holder;
      watch();
      next?.grant();
    },

    holds: (holder) => held === holder,
    async execute(message) {
      const answer = await db.execProtocolRaw(message, { syncToFs: false });
      watch();
      return answer;
    },
  };
}
