import type { Clock } from '#sandbox/core/clock.ts';
import { errorPayload, serializeResult } from '../runtime/errors.ts';
import { lambdaContext } from '../runtime/lambda-context.ts';
import type { Handler } from '../runtime/load-handler.ts';
import type { EnvironmentSettings, ExecutionEnvironment } from './environment.ts';

/**
 * Runs a handler in this very process, for simulations in virtual time. Payloads and errors take the same form
 * as in a worker; the process's own environment and console are the handler's.
 */
export function inProcessEnvironment(
  handler: Handler,
  { version, logStreamName }: EnvironmentSettings,
  clock: Clock,
): ExecutionEnvironment {
  return {
    initialized: Promise.resolve(undefined),
    async invoke(request) {
      const deadline = clock.now() + request.remainingMilliseconds;
      const settings = {
        functionName: version.functionName,
        functionVersion: version.version,
        memoryLimitInMB: String(version.settings.memorySize),
        logGroupName: version.settings.logGroup,
        logStreamName,
      };
      try {
        const context = lambdaContext(settings, request, () => deadline - clock.now());
        return { payload: serializeResult(await handler(JSON.parse(request.payload), context)) };
      } catch (thrown) {
        return { error: errorPayload(thrown), fatal: false };
      }
    },
    stop: async () => {},
  };
}
