import { createHmac } from 'node:crypto';
import { AwsError } from '#sandbox/core/errors.ts';
import type { WireRequest } from '../messages.ts';
import { equal, sha256, signingKey } from './compute.ts';
import { refuse } from './refusals.ts';
import type { Verified } from './verify.ts';

const streaming = 'STREAMING-';
const signedChunks = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';

/**
 * The body behind S3's aws-chunked encoding: `SIZE[;chunk-signature=…]\r\nDATA\r\n…0\r\n[trailers]`, which SDKs
 * send so that a checksum can follow the data. Signed chunks are verified, each over the one before.
 */
export async function decodeChunks(request: WireRequest, verified: Verified): Promise<Decoded> {
  const kind = request.headers['x-amz-content-sha256'] ?? '';
  if (!kind.startsWith(streaming)) return { body: request.body, trailers: {} };
  const { chunks, trailers } = readChunks(Buffer.from(request.body));
  if (kind.startsWith(signedChunks)) await verifyChunks(chunks, verified);
  const decoded = Buffer.concat(chunks.map(({ data }) => data));
  const length = request.headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== decoded.length) {
    throw new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  }
  return { body: decoded, trailers };
}

export interface Decoded {
  body: Uint8Array;
  /** What followed the data: its checksum, under the name of the header it stands for. */
  trailers: Record<string, string>;
}

interface Chunk {
  data: Buffer;
  signature?: string;
}

function readChunks(body: Buffer): { chunks: Chunk[]; trailers: Record<string, string> } {
  const chunks: Chunk[] = [];
  let position = 0;
  for (;;) {
    const end = body.indexOf('\r\n', position);
    const header = /^([0-9a-fA-F]+)(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(
      end < 0 ? '' : body.toString('latin1', position, end),
    );
    if (!header) throw new AwsError('InvalidRequest', 'The aws-chunked body is malformed.');
    const size = Number.parseInt(header[1] ?? '', 16);
    const data = body.subarray(end + 2, end + 2 + size);
    chunks.push({ data, ...(header[2] === undefined ? {} : { signature: header[2] }) });
    if (size === 0) return { chunks, trailers: readTrailers(body.subarray(end + 2)) };
    position = end + 2 + size + 2;
  }
}

function readTrailers(rest: Buffer): Record<string, string> {
  const lines = rest.toString('latin1').split(/\r?\n/);
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([\w-]+):(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name.toLowerCase(), value?.trim() ?? '']];
    }),
  );
}

async function verifyChunks(chunks: Chunk[], { claim, secretAccessKey }: Verified): Promise<void> {
  const key = await signingKey(claim, secretAccessKey);
  const scope = `${claim.date}/${claim.region}/${claim.signingName}/aws4_request`;
  let previous = claim.signature;
  for (const { data, signature = '' } of chunks) {
    const text = ['AWS4-HMAC-SHA256-PAYLOAD', claim.timestamp, scope, previous, sha256(''), sha256(data)];
    previous = createHmac('sha256', key).update(text.join('\n')).digest('hex');
    if (!equal(previous, signature)) throw refuse('s3', 'mismatch');
  }
}
