import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** GetAuthorizationToken: "The authorization token is valid for 12 hours." */
export const TOKEN_LIFETIME_MS = 12 * 60 * 60 * 1000;

/** The registry's signing key, made once per sandbox; the docker command checks passwords with it. */
function signingKey(directory: string): Buffer {
  const file = join(directory, 'images', 'registry.key');
  if (!existsSync(file)) {
    mkdirSync(join(directory, 'images'), { recursive: true });
    writeFileSync(file, randomBytes(32), { mode: 0o600 });
  }
  return readFileSync(file);
}

const sign = (directory: string, payload: string) =>
  createHmac('sha256', signingKey(directory)).update(payload).digest('base64url');

export function issuePassword(directory: string, registry: string, expiresAt: number): string {
  const payload = Buffer.from(JSON.stringify({ registry, expiresAt })).toString('base64url');
  return `${payload}.${sign(directory, payload)}`;
}

/** Whether this sandbox's ECR issued `password` for `registry` and it has not expired. */
export function isValidPassword(directory: string, registry: string, password: string, now: number): boolean {
  const [payload = '', signature = ''] = password.split('.');
  const expected = Buffer.from(sign(directory, payload));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return false;
  const token = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return token.registry === registry && token.expiresAt > now;
}
