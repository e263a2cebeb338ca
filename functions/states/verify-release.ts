import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';
import { verify } from '#lib/operations/verification.ts';

/** Pre-flight: throws everything that can be known to fail before anything changes. */
export const handler = forState(async (input) => {
  const document = await claims.ensureClaim(input);
  const running = await verify(document);
  return {
    ...document,
    running: running?.taskDefinition ? { taskDefinition: running.taskDefinition } : null,
  };
});
