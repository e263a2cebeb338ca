import type { DeleteFunctionRequest } from '@aws-sdk/client-lambda';
import type { Operation } from '#sandbox/core/service.ts';
import { parseReference } from '../function-store.ts';
import type { LambdaState } from '../state.ts';

/** Deletes the function, or one published version of it. */
export function deleteFunction({ store, pool }: LambdaState): Operation<DeleteFunctionRequest, object> {
  return (input) => {
    const { record, version } = store.version(input.FunctionName ?? '', input.Qualifier);
    const { qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
    if (qualifier === '$LATEST') {
      store.records.delete(record.name);
      // No longer anybody's current code: environments that are still busy end with their request.
      record.latest = { ...record.latest };
      record.versions.splice(0);
    } else {
      record.versions.splice(record.versions.indexOf(version), 1);
    }
    pool.retire(record.name);
    return {};
  };
}
