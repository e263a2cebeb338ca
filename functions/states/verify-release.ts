import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, installedClaims } from '#lib/operations/claims.ts';
import { installedVerify, type Verify } from '#lib/operations/verification.ts';

interface Needs {
  claims: Pick<Claims, 'ensureClaim'>;
  verify: Verify;
}

/** Pre-flight: throws everything that can be known to fail before anything changes. */
export function createVerifyRelease({ claims, verify }: Needs): StateHandler {
  return async (input) => {
    const document = await claims.ensureClaim(input);
    const running = await verify(document);
    return {
      ...document,
      running: running?.taskDefinition ? { taskDefinition: running.taskDefinition } : null,
    };
  };
}

export const handler = forState(
  createVerifyRelease({ claims: installedClaims(), verify: installedVerify() }),
);
