import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { s3Error } from './errors.ts';

type Checksum = (body: Uint8Array) => Buffer;

/** The checksums that can be verified here. CRC32C, CRC64NVME and the XXHASHes are passed over, not kept. */
const algorithms: Record<string, Checksum> = {
  ChecksumCRC32: (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes;
  },
  ChecksumSHA1: (body) => createHash('sha1').update(body).digest(),
  ChecksumSHA256: (body) => createHash('sha256').update(body).digest(),
};

export function md5(body: Uint8Array): Buffer {
  return createHash('md5').update(body).digest();
}

/** Verifies the checksums that came with a body and returns those to keep with the object. */
export function verifiedChecksums(body: Uint8Array, input: object): Record<string, string> {
  const given = input as Record<string, unknown>;
  if (given.ContentMD5 !== undefined && given.ContentMD5 !== md5(body).toString('base64'))
    throw badDigest('Content-MD5');
  const kept: Record<string, string> = {};
  for (const [member, compute] of Object.entries(algorithms)) {
    const claimed = given[member];
    if (typeof claimed !== 'string') continue;
    if (compute(body).toString('base64') !== claimed) throw badDigest(member.replace('Checksum', ''));
    kept[member] = claimed;
  }
  return kept;
}

function badDigest(name: string): Error {
  return s3Error('BadDigest', `The ${name} you specified did not match the calculated checksum.`, 400);
}
