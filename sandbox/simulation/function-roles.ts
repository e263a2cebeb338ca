import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller, SandboxContext } from '#sandbox/core/service.ts';
import { sessionOf } from '#sandbox/iam/sessions.ts';
import type { Handler } from '#sandbox/lambda/runtime/load-handler.ts';
import type { Services } from '#sandbox/services.ts';
import { authorizationOf, enforce } from '#sandbox/wire/authorize.ts';
import type { DisturbedCall } from '#sandbox/wire/front-door.ts';
import { serviceModel } from '#sandbox/wire/model.ts';

/** Who acts in a simulation: its functions share one process, and so one key, which is the administrator's. */
export interface FunctionRoles {
  /** The handler, whose calls are then those of a session of the role. */
  as(roleArn: string, handler: Handler): Handler;
  /** Fails with the service's AccessDenied where the function that makes this call may not. */
  enforce(call: DisturbedCall): void;
}

export function createFunctionRoles(context: SandboxContext, { iam, definitions }: Services): FunctionRoles {
  const running = new AsyncLocalStorage<Caller>();

  return {
    as(roleArn, handler) {
      const role = iam.role(roleArn);
      if (role === undefined) throw new Error(`A function has the role ${roleArn}, which does not exist`);
      const caller = sessionOf(context, role, 'simulation');
      return (event, lambdaContext) => running.run(caller, () => handler(event, lambdaContext));
    },
    enforce({ service, operation, input }) {
      const caller = running.getStore();
      const definition = definitions.find(
        ({ signingName, operations }) => signingName === service && operation in operations,
      );
      if (caller === undefined || definition === undefined) return;
      const model = serviceModel(definition);
      enforce(iam, caller, model, authorizationOf(model, operation, input));
    },
  };
}
