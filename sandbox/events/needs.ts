import type { ServiceCalls } from '#sandbox/core/calls.ts';
import type { AuthorizationRequest } from '#sandbox/core/service.ts';

/** What EventBridge needs of Lambda: an asynchronous invocation, checked against the function's policy. */
export interface EventsLambda {
  invokeAsync(functionArn: string, payload: string, invoker: { principal: string; sourceArn: string }): void;
}

export interface EventsNeeds {
  lambda: EventsLambda;
  /** For targets and dead-letter queues that are topics, queues or state machines. */
  services?: ServiceCalls;
  /** For targets that EventBridge reaches with a role of theirs. */
  iam?: { authorizeRole(roleArn: string, requests: AuthorizationRequest[], principal?: string): void };
}
