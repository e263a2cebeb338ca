import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto';
import {
  createScope,
  getCanonicalHeaders,
  getSigningKey,
  type SignatureV4,
  SignatureV4Base,
} from '@smithy/signature-v4';
import { queryParameters, type WireRequest } from '../messages.ts';
import type { Signature } from './signature.ts';

const payloadHeader = 'x-amz-content-sha256';
const unsignedPayload = 'UNSIGNED-PAYLOAD';

/** Node's own SHA-256 in the shape that @smithy/signature-v4 asks for. */
class NodeSha256 {
  private readonly hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array);
  }
  update(data: Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {}
}

/** Recomputes a signature with the library that SDK clients sign with. */
class Recomputation extends SignatureV4Base {
  /** The base's own constructor is protected. */
  constructor(init: ConstructorParameters<typeof SignatureV4>[0]) {
    super(init);
  }

  async compute(request: WireRequest, claim: Signature, secretAccessKey: string): Promise<string> {
    const headers = Object.fromEntries(
      claim.signedHeaders.map((name) => [name, request.headers[name] ?? '']),
    );
    const canonicalHeaders = getCanonicalHeaders(
      { headers } as never,
      undefined,
      new Set(claim.signedHeaders),
    );
    const canonicalRequest = this.createCanonicalRequest(
      { method: request.method, path: request.path, query: signedQuery(request) } as never,
      canonicalHeaders,
      payloadHash(request, claim),
    );
    const scope = createScope(claim.date, claim.region, claim.signingName);
    const text = await this.createStringToSign(claim.timestamp, scope, canonicalRequest, 'AWS4-HMAC-SHA256');
    const key = await signingKey(claim, secretAccessKey);
    return createHmac('sha256', key).update(text).digest('hex');
  }
}

export function signingKey(claim: Signature, secretAccessKey: string): Promise<Uint8Array> {
  const credentials = {
    accessKeyId: claim.accessKeyId,
    secretAccessKey,
    ...(claim.sessionToken === undefined ? {} : { sessionToken: claim.sessionToken }),
  };
  return getSigningKey(NodeSha256, credentials, claim.date, claim.region, claim.signingName);
}

/** Whether the request was signed with this secret. */
export async function matches(
  request: WireRequest,
  claim: Signature,
  secretAccessKey: string,
): Promise<boolean> {
  const recomputation = new Recomputation({
    service: claim.signingName,
    region: claim.region,
    credentials: { accessKeyId: claim.accessKeyId, secretAccessKey },
    sha256: NodeSha256,
    // Every service but S3 signs the path encoded a second time.
    uriEscapePath: claim.signingName !== 's3',
  });
  const wanted = await recomputation.compute(request, claim, secretAccessKey);
  return equal(wanted, claim.signature);
}

export function equal(wanted: string, given: string): boolean {
  return wanted.length === given.length && timingSafeEqual(Buffer.from(wanted), Buffer.from(given));
}

/** The body's hash where one is claimed and the body has another: what was signed is not what was sent. */
export function payloadMismatch(request: WireRequest): boolean {
  const claimed = request.headers[payloadHeader];
  return claimed !== undefined && /^[0-9a-f]{64}$/.test(claimed) && claimed !== sha256(request.body);
}

function payloadHash(request: WireRequest, claim: Signature): string {
  const claimed = request.headers[payloadHeader];
  if (claimed !== undefined) return claimed;
  return claim.expiresIn !== undefined && claim.signingName === 's3' ? unsignedPayload : sha256(request.body);
}

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function signedQuery(request: WireRequest): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of queryParameters(request.query)) {
    if (name === 'X-Amz-Signature') continue;
    const known = query[name];
    query[name] = known === undefined ? value : [known, value].flat();
  }
  return query;
}
