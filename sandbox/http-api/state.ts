import type { SandboxContext } from '#sandbox/core/service.ts';
import type { ApiStore } from './api-store.ts';

/** What the operations work on. */
export interface HttpApiState {
  context: SandboxContext;
  store: ApiStore;
}
