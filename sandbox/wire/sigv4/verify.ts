import type { AwsError } from '#sandbox/core/errors.ts';
import type { Caller, SandboxContext } from '#sandbox/core/service.ts';
import type { WireRequest } from '../messages.ts';
import { matches, payloadMismatch } from './compute.ts';
import { type Dialect, refuse } from './refusals.ts';
import { readSignature, type Signature, signedAt, timestampOf } from './signature.ts';

/** What is known of an access key. */
export interface Identity {
  secretAccessKey: string;
  /** Only temporary credentials have these two. */
  sessionToken?: string;
  expiration?: Date;
  caller: Caller;
}

/** Where identities are looked up: IAM. */
export interface Identities {
  identify(accessKeyId: string): Identity | undefined;
}

export interface Verified {
  caller: Caller;
  claim: Signature;
  secretAccessKey: string;
}

/** AWS allows five minutes between a request's signing and its arrival (Signature Version 4 reference). */
const allowedSkew = 5 * 60_000;
/** Services with one endpoint for all Regions sign for us-east-1, whatever Region the client is set to. */
const globalServices = new Set(['iam', 'sts']);

/**
 * Verifies Signature Version 4, in the Authorization header or in a presigned URL, and says who asks.
 * Fails as the service would, which differs by protocol (`dialect`).
 */
export async function verifySignature(
  request: WireRequest,
  needs: { context: Pick<SandboxContext, 'clock' | 'region'>; identities: Identities },
  { signingName, dialect }: { signingName: string; dialect: Dialect },
): Promise<Verified> {
  const claim = readSignature(request);
  if (claim === undefined) throw refuse(dialect, 'missing');
  if (claim === 'incomplete') throw refuse(dialect, 'incomplete');
  if (claim.signingName !== signingName) throw refuse(dialect, 'service', `'${signingName}'.`);
  if (claim.region !== needs.context.region && !globalServices.has(claim.signingName)) {
    throw refuse(dialect, 'region', `'${claim.region}', expecting '${needs.context.region}'`);
  }
  const identity = needs.identities.identify(claim.accessKeyId);
  if (!identity) throw refuse(dialect, 'unknownKey');
  if (claim.sessionToken !== identity.sessionToken) throw refuse(dialect, 'unknownToken');
  const now = needs.context.clock.now();
  if (identity.expiration && identity.expiration.getTime() <= now) throw refuse(dialect, 'expiredToken');
  const late = untimely(claim, now, dialect);
  if (late) throw late;
  if (payloadMismatch(request)) throw refuse(dialect, 'payload');
  if (!(await matches(request, claim, identity.secretAccessKey))) throw refuse(dialect, 'mismatch');
  return { caller: identity.caller, claim, secretAccessKey: identity.secretAccessKey };
}

function untimely(claim: Signature, now: number, dialect: Dialect): AwsError | undefined {
  const signed = signedAt(claim.timestamp);
  if (!claim.timestamp.startsWith(claim.date)) return refuse(dialect, 'mismatch');
  const [first, last] = [timestampOf(now - allowedSkew), timestampOf(now + allowedSkew)];
  if (signed > now + allowedSkew) {
    const detail = `${claim.timestamp} is still later than ${last} (${timestampOf(now)} + 5 min.)`;
    return refuse(dialect, 'future', detail);
  }
  if (claim.expiresIn !== undefined) {
    return now < signed + claim.expiresIn * 1000 ? undefined : refuse(dialect, 'expiredUrl');
  }
  if (signed >= now - allowedSkew) return undefined;
  return refuse(
    dialect,
    'past',
    `${claim.timestamp} is now earlier than ${first} (${timestampOf(now)} - 5 min.)`,
  );
}
