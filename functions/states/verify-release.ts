import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, tableClaims } from '#lib/operations/claims.ts';
import { type Verify, verification } from '#lib/operations/verification.ts';

interface Needs {
  claims: Pick<Claims, 'rejoin'>;
  verify: Verify;
}

/** Pre-flight: everything that can be known to fail is told before anything changes. */
export function createVerifyRelease({ claims, verify }: Needs): StateHandler {
  return async (input) => {
    const document = await claims.rejoin(input);
    const running = await verify(document);
    return {
      ...document,
      running: running?.taskDefinition ? { taskDefinition: running.taskDefinition } : null,
    };
  };
}

export const handler = forState(createVerifyRelease({ claims: tableClaims(), verify: verification() }));
