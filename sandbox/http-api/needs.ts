import type { AuthorizationRequest, Caller } from '#sandbox/core/service.ts';
import type { WireRequest } from '#sandbox/wire/messages.ts';

/** What the HTTP API needs of the other services. */
export interface HttpApiNeeds {
  lambda: {
    invoke(functionArn: string, payload: string): Promise<{ payload: string; functionError?: string }>;
    allows(functionArn: string, invoker: { principal: string; sourceArn: string }): boolean;
  };
  iam: {
    /** Why the caller may not do what is asked; undefined where it may. */
    denial(caller: Caller, request: AuthorizationRequest): string | undefined;
  };
  logs: { write(logGroupName: string, logStreamName: string, message: string, timestamp?: number): void };
  /** Who signed the request; fails where nobody did, or not rightly. */
  verifySignature(request: WireRequest): Promise<Caller>;
}
