import { queryParameters, type WireRequest } from '../messages.ts';

/** What a signed request claims: who signed what, when and for which service. */
export interface Signature {
  accessKeyId: string;
  date: string;
  region: string;
  signingName: string;
  signedHeaders: string[];
  signature: string;
  /** `20260101T000000Z` */
  timestamp: string;
  sessionToken?: string;
  /** Seconds that a presigned URL is good for; undefined where the Authorization header is used. */
  expiresIn?: number;
}

/** Reads the signature from the Authorization header or a presigned query; undefined where there is none. */
export function readSignature(request: WireRequest): Signature | 'incomplete' | undefined {
  const authorization = request.headers.authorization;
  if (authorization?.startsWith('AWS4-HMAC-SHA256')) return fromHeader(authorization, request);
  if (request.query.includes('X-Amz-Signature')) return fromQuery(request);
  return undefined;
}

function fromHeader(authorization: string, request: WireRequest): Signature | 'incomplete' {
  const parts = new Map(
    authorization
      .slice('AWS4-HMAC-SHA256'.length)
      .split(',')
      .map((part) => {
        const [name = '', ...value] = part.trim().split('=');
        return [name, value.join('=')];
      }),
  );
  return build(parts.get('Credential'), parts.get('SignedHeaders'), parts.get('Signature'), {
    timestamp: request.headers['x-amz-date'],
    sessionToken: request.headers['x-amz-security-token'],
  });
}

function fromQuery(request: WireRequest): Signature | 'incomplete' {
  const query = new Map(queryParameters(request.query));
  return build(
    query.get('X-Amz-Credential'),
    query.get('X-Amz-SignedHeaders'),
    query.get('X-Amz-Signature'),
    {
      timestamp: query.get('X-Amz-Date'),
      sessionToken: query.get('X-Amz-Security-Token'),
      expiresIn: Number(query.get('X-Amz-Expires') ?? Number.NaN),
    },
  );
}

function build(
  credential: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
  rest: { timestamp: string | undefined; sessionToken: string | undefined; expiresIn?: number },
): Signature | 'incomplete' {
  const [accessKeyId, date, region, signingName, terminator] = credential?.split('/') ?? [];
  if (!accessKeyId || !date || !region || !signingName || terminator !== 'aws4_request') return 'incomplete';
  if (!signedHeaders || !signature || !/^\d{8}T\d{6}Z$/.test(rest.timestamp ?? '')) return 'incomplete';
  return {
    accessKeyId,
    date,
    region,
    signingName,
    signature,
    signedHeaders: signedHeaders.split(';'),
    timestamp: rest.timestamp as string,
    ...(rest.sessionToken === undefined ? {} : { sessionToken: rest.sessionToken }),
    ...(rest.expiresIn === undefined ? {} : { expiresIn: rest.expiresIn }),
  };
}

/** Milliseconds since the epoch of `20260101T000000Z`. */
export function signedAt(timestamp: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp)?.map(Number) ?? [];
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

/** The other way round, as AWS's messages name a moment. */
export function timestampOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
