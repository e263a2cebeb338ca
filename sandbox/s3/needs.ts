import type { AuthorizationRequest, Caller, SandboxContext } from '#sandbox/core/service.ts';
import type { Store } from './store.ts';

/** The part of IAM that S3 asks itself: whether the caller may know that a key is not there. */
export interface S3Iam {
  denial(caller: Caller, request: AuthorizationRequest): string | undefined;
}

/** What S3's operations share. */
export interface S3 {
  context: SandboxContext;
  store: Store;
  iam: S3Iam;
}
