import { AwsError } from '#sandbox/core/errors.ts';
import type { ProtocolName } from '../model.ts';

/** The families in which AWS words a refused signature. `s3` is restXml's one member here. */
export type Dialect = 'json' | 'restJson' | 'query' | 'ec2' | 's3';

/** Why a request's signature is not accepted. */
export type Refusal =
  | 'missing'
  | 'incomplete'
  | 'region'
  | 'service'
  | 'unknownKey'
  | 'unknownToken'
  | 'expiredToken'
  | 'expiredUrl'
  | 'past'
  | 'future'
  | 'payload'
  | 'mismatch';

type Wording = [code: string, message: string];

const noMatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret ' +
  'Access Key and signing method. Consult the service documentation for details.';
const invalidToken = 'The security token included in the request is invalid.';

// Codes and sentences: Common Error Types of the services' API references, the Signature Version 4
// troubleshooting guide, and dynalite's record of DynamoDB's answers.
const json: Record<Refusal, Wording> = {
  missing: ['MissingAuthenticationTokenException', 'Request is missing Authentication Token'],
  incomplete: [
    'IncompleteSignatureException',
    'Authorization header requires Credential, Signature and SignedHeaders, and X-Amz-Date in ISO-8601 basic format.',
  ],
  region: ['InvalidSignatureException', 'Credential should be scoped to a valid region, not'],
  service: ['InvalidSignatureException', 'Credential should be scoped to correct service:'],
  unknownKey: ['UnrecognizedClientException', invalidToken],
  unknownToken: ['UnrecognizedClientException', invalidToken],
  expiredToken: ['ExpiredTokenException', 'The security token included in the request is expired'],
  expiredUrl: ['InvalidSignatureException', 'Signature expired: the presigned URL is no longer valid'],
  past: ['InvalidSignatureException', 'Signature expired:'],
  future: ['InvalidSignatureException', 'Signature not yet current:'],
  payload: ['InvalidSignatureException', noMatch],
  mismatch: ['InvalidSignatureException', noMatch],
};

const query: Record<Refusal, Wording> = {
  ...json,
  missing: ['MissingAuthenticationToken', 'Request is missing Authentication Token'],
  incomplete: ['IncompleteSignature', json.incomplete[1]],
  region: ['SignatureDoesNotMatch', json.region[1]],
  service: ['SignatureDoesNotMatch', json.service[1]],
  unknownKey: ['InvalidClientTokenId', invalidToken],
  unknownToken: ['InvalidClientTokenId', invalidToken],
  expiredToken: ['ExpiredToken', json.expiredToken[1]],
  expiredUrl: ['SignatureDoesNotMatch', json.expiredUrl[1]],
  past: ['SignatureDoesNotMatch', 'Signature expired:'],
  future: ['SignatureDoesNotMatch', 'Signature not yet current:'],
  payload: ['SignatureDoesNotMatch', noMatch],
  mismatch: ['SignatureDoesNotMatch', noMatch],
};

const ec2: Record<Refusal, Wording> = {
  ...query,
  missing: ['MissingParameter', 'The request must contain the parameter AWSAccessKeyId'],
  unknownKey: ['AuthFailure', 'AWS was not able to validate the provided access credentials'],
  unknownToken: ['AuthFailure', 'AWS was not able to validate the provided access credentials'],
  expiredToken: ['RequestExpired', 'Request has expired.'],
  expiredUrl: ['RequestExpired', 'Request has expired.'],
  past: ['RequestExpired', 'Request has expired.'],
};

const skewed = 'The difference between the request time and the current time is too large.';
const s3: Record<Refusal, Wording> = {
  missing: ['AccessDenied', 'Access Denied'],
  incomplete: ['AuthorizationHeaderMalformed', 'The authorization header that you provided is not valid.'],
  region: ['AuthorizationHeaderMalformed', 'The authorization header is malformed; the region is wrong:'],
  service: ['AuthorizationHeaderMalformed', 'The authorization header is malformed; the service is wrong:'],
  unknownKey: ['InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
  unknownToken: ['InvalidToken', 'The provided token is malformed or otherwise invalid.'],
  expiredToken: ['ExpiredToken', 'The provided token has expired.'],
  expiredUrl: ['AccessDenied', 'Request has expired'],
  past: ['RequestTimeTooSkewed', skewed],
  future: ['RequestTimeTooSkewed', skewed],
  payload: [
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
  mismatch: [
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
};

const wordings = { json, restJson: json, query, ec2, s3 } satisfies Record<Dialect, unknown>;
const badRequests = new Set([
  'AuthorizationHeaderMalformed',
  'ExpiredToken',
  'InvalidToken',
  'RequestExpired',
]);

export function refuse(dialect: Dialect, reason: Refusal, detail?: string): AwsError {
  const [code, sentence] = wordings[dialect][reason];
  const worded = detail !== undefined && /(:|not)$/.test(sentence) ? `${sentence} ${detail}` : sentence;
  return new AwsError(code, worded, { httpStatus: status(dialect, code) });
}

function status(dialect: Dialect, code: string): number {
  if (dialect === 'json') return 400;
  if (code === 'AuthFailure') return 401;
  if (code === 'XAmzContentSHA256Mismatch' || code === 'MissingParameter') return 400;
  if (dialect === 'query') return 403;
  return badRequests.has(code) ? 400 : 403;
}

export function dialectOf(protocol: ProtocolName): Dialect {
  const dialects: Record<ProtocolName, Dialect> = {
    awsJson1_0: 'json',
    awsJson1_1: 'json',
    awsQuery: 'query',
    ec2Query: 'ec2',
    restJson1: 'restJson',
    restXml: 's3',
  };
  return dialects[protocol];
}
