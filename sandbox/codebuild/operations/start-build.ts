import type { StartBuildInput, StartBuildOutput } from '@aws-sdk/client-codebuild';
import type { OperationContext } from '#sandbox/core/service.ts';
import { type CodeBuildState, invalidInput } from '../state.ts';

/** "The token is included in the StartBuild request and is valid for 5 minutes." */
const TOKEN_LIFETIME_MS = 5 * 60_000;

export function startBuild(state: CodeBuildState) {
  return (input: StartBuildInput, { caller }: OperationContext): StartBuildOutput => {
    const { idempotencyToken, ...request } = input;
    const asked = JSON.stringify(request);
    const now = state.context.clock.now();
    const known = idempotencyToken === undefined ? undefined : state.tokens.get(idempotencyToken);
    if (known && known.expires > now) {
      if (known.input === asked) return { build: known.build };
      throw invalidInput(
        'The idempotency token was used with different parameters within the last 5 minutes',
      );
    }
    const build = state.start(input, initiatorOf(caller.arn));
    if (idempotencyToken !== undefined) {
      state.tokens.set(idempotencyToken, { input: asked, build, expires: now + TOKEN_LIFETIME_MS });
    }
    return { build };
  };
}

/** ROLE/SESSION of an assumed role, or the user's name. */
function initiatorOf(callerArn: string): string {
  return callerArn.replace(/^.*:(?:assumed-role|user)\//, '').replace(/^arn:.*:/, '');
}
