import type { ListFunctionsRequest, ListFunctionsResponse } from '@aws-sdk/client-lambda';
import type { Operation } from '#sandbox/core/service.ts';
import { describeVersion } from '../configuration.ts';
import type { LambdaState } from '../state.ts';

/** Lists by name, at most 50 a page. */
export function listFunctions({
  store,
}: LambdaState): Operation<ListFunctionsRequest, ListFunctionsResponse> {
  return (input) => {
    const names = [...store.records.keys()]
      .sort()
      .filter((name) => input.Marker === undefined || name > input.Marker);
    const page = names.slice(0, Math.min(input.MaxItems ?? 50, 50));
    return {
      Functions: page.map((name) => describeVersion(store.get(name).latest, true)),
      ...(page.length < names.length ? { NextMarker: page.at(-1) } : {}),
    };
  };
}
