import type { WireRequest } from '#sandbox/wire/messages.ts';

export interface Address {
  apiId: string;
  /** The path within the API. */
  path: string;
}

/** The API's id and the path in it: `/_api/{apiId}/…`, or any path of the host `{apiId}.execute-api.localhost`. */
export function addressOf({ headers, path }: Pick<WireRequest, 'headers' | 'path'>): Address | undefined {
  const [, host] = /^([a-z0-9]+)\.execute-api\.localhost(?::\d+)?$/.exec(headers.host ?? '') ?? [];
  if (host !== undefined) return { apiId: host, path };
  const [, apiId, rest] = /^\/_api\/([a-z0-9]+)(\/.*)?$/.exec(path) ?? [];
  return apiId === undefined ? undefined : { apiId, path: rest ?? '/' };
}
