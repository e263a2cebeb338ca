import { randomBytes } from 'node:crypto';

/** Randomness as an argument: a simulation hands in a seeded source and gets the same run every time. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
  uuid(): string;
}

function build(bytes: (length: number) => Uint8Array): Random {
  const hex = (length: number) =>
    Buffer.from(bytes(Math.ceil(length / 2)))
      .toString('hex')
      .slice(0, length);
  return {
    next: () => Buffer.from(bytes(6)).readUIntBE(0, 6) / 2 ** 48,
    hex,
    uuid: () => {
      const digits = hex(32).split('');
      digits[12] = '4';
      digits[16] = '89ab'[Number.parseInt(digits[16] ?? '0', 16) % 4] ?? '8';
      return [8, 4, 4, 4, 12].map((length) => digits.splice(0, length).join('')).join('-');
    },
  };
}

export const systemRandom: Random = build((length) => randomBytes(length));

/** mulberry32: small, well distributed, and the same on every machine for one seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return build((length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)));
}
