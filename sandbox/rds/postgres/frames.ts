/**
 * The little of PostgreSQL's frontend/backend protocol (version 3) that the server has to know in order to
 * let many clients share one session: where messages end, which end a turn, and what statements are called.
 */

const textEncoder = new TextEncoder();

/** A typed message: one byte of type, a length that counts itself, the body. */
export function message(type: string, ...parts: (Uint8Array | string | number)[]): Uint8Array {
  const body = Buffer.concat(parts.map(bytesOf));
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Text ends with a zero byte; numbers are 32 bits wide. */
function bytesOf(part: Uint8Array | string | number): Uint8Array {
  if (part instanceof Uint8Array) return part;
  if (typeof part === 'string') return textEncoder.encode(`${part}\0`);
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(part);
  return bytes;
}

/** Takes whole typed messages from the front of a buffer and says what is left of it. */
export function takeMessages(buffer: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let rest = buffer;
  while (rest.length >= 5) {
    const end = 1 + rest.readInt32BE(1);
    if (rest.length < end) break;
    messages.push(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
  return { messages, rest };
}

export type TransactionStatus = 'I' | 'T' | 'E';

/** The status in the last ReadyForQuery of an answer; undefined while the answer is not complete. */
export function readyStatus(answer: Uint8Array): TransactionStatus | undefined {
  const ready = takeMessages(Buffer.from(answer)).messages.findLast((one) => one[0] === 0x5a);
  return ready && (String.fromCharCode(ready[5] ?? 0) as TransactionStatus);
}

/** An ErrorResponse with the fields that every client shows. */
export function errorResponse(severity: 'ERROR' | 'FATAL', code: string, text: string): Uint8Array {
  return message('E', `S${severity}`, `V${severity}`, `C${code}`, `M${text}`, Uint8Array.of(0));
}

/**
 * The message with the statement it names given the connection's own prefix, so that two clients may each
 * have a prepared statement of the same name. The unnamed statement lasts for one turn only and stays unnamed.
 */
export function prefixStatement(frame: Buffer, prefix: string): Buffer {
  const type = String.fromCharCode(frame[0] ?? 0);
  if (type === 'P') return insertAt(frame, 5, prefix);
  if (type === 'B') return insertAt(frame, frame.indexOf(0, 5) + 1, prefix);
  const namesStatement = (type === 'D' || type === 'C') && frame[5] === 0x53;
  return namesStatement ? insertAt(frame, 6, prefix) : frame;
}

function insertAt(frame: Buffer, position: number, prefix: string): Buffer {
  if (frame[position] === 0) return frame;
  const longer = Buffer.concat([frame.subarray(0, position), Buffer.from(prefix), frame.subarray(position)]);
  longer.writeInt32BE(longer.length - 1, 1);
  return longer;
}
