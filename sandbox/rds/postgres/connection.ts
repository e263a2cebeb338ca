import type { Socket } from 'node:net';
import {
  errorResponse,
  message,
  prefixStatement,
  readyStatus,
  type TransactionStatus,
  takeMessages,
} from './frames.ts';
import type { Holder, Session } from './session.ts';
import {
  askForPassword,
  refusal,
  type ServerIdentity,
  type StartupRequest,
  takeStartup,
  welcome,
} from './startup.ts';

const sync = message('S');

/** Serves one client on the shared session. Its messages are answered strictly one after the other. */
export function serve(socket: Socket, id: number, session: Session, identity: ServerIdentity): void {
  const prefix = `c${id}_`;
  const statements = new Set<string>();
  let buffer: Buffer = Buffer.alloc(0);
  let state: 'startup' | 'password' | 'ready' = 'startup';
  let asked: Extract<StartupRequest, { kind: 'startup' }> | undefined;
  let status: TransactionStatus = 'I';
  let midway = false;
  let work = Promise.resolve();

  const holder: Holder = {
    evict: () =>
      end(errorResponse('FATAL', '25P03', 'terminating connection due to idle-in-transaction timeout')),
  };
  const end = (last?: Uint8Array) => {
    if (last) socket.end(last);
    else socket.destroy();
  };

  const begin = () => {
    const taken = takeStartup(buffer);
    if (!taken) return false;
    buffer = taken.rest;
    if (taken.request.kind === 'encryption') socket.write('N');
    else if (taken.request.kind === 'startup') {
      asked = taken.request;
      state = 'password';
      socket.write(askForPassword);
    } else end();
    return true;
  };

  const answer = async (frame: Buffer) => {
    const type = String.fromCharCode(frame[0] ?? 0);
    if (state === 'password') {
      const no = refusal(identity, asked!, frame.subarray(5, -1).toString('utf8'));
      if (no) return end(no);
      state = 'ready';
      socket.write(welcome(identity, id));
      return;
    }
    if (type === 'X') return end();
    await session.acquire(holder);
    if (socket.destroyed) return;
    midway = true;
    const named = prefixStatement(frame, prefix);
    if (type === 'P' && named !== frame) statements.add(named.subarray(5, named.indexOf(0, 5)).toString());
    const output = await session.execute(named);
    socket.write(output);
    const ready = readyStatus(output);
    if (!ready) return;
    status = ready;
    midway = false;
    if (status === 'I') session.release(holder);
  };

  /** What a client leaves behind is undone: a batch without its Sync, a transaction, prepared statements. */
  const leave = async () => {
    try {
      if (!session.holds(holder) && statements.size === 0) return;
      await session.acquire(holder);
      if (midway) status = readyStatus(await session.execute(sync)) ?? status;
      if (status !== 'I') await session.execute(message('Q', 'ROLLBACK'));
      const drops = [...statements].map((name) => message('C', Uint8Array.of(0x53), name));
      if (drops.length > 0) await session.execute(Buffer.concat([...drops, sync]));
    } finally {
      session.release(holder);
    }
  };

  const pump = async () => {
    while (state === 'startup' && begin());
    if (state === 'startup') return;
    const { messages, rest } = takeMessages(buffer);
    buffer = rest;
    for (const frame of messages) {
      if (socket.destroyed) return;
      await answer(frame);
    }
  };

  socket.setNoDelay(true);
  socket.on('data', (data: Buffer) => {
    buffer = Buffer.concat([buffer, data]);
    work = work.then(pump).catch((error: Error) => end(errorResponse('FATAL', 'XX000', error.message)));
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    // A client at work finishes its message first; one that only waits for its turn gives up its place.
    if (!session.holds(holder)) session.release(holder);
    const finished = session.holds(holder) ? work : Promise.resolve();
    finished.then(leave).catch(() => {});
  });
}
