import type { WireRequest } from './messages.ts';

/** `bucket.localhost:4566`, `bucket.s3.localhost`: S3 with the bucket in the host. */
const virtualHost = /^(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.(?:s3[.\w-]*\.)?localhost(?::\d+)?$/;

/** Moves a bucket from the host name to the path, so that there is one way to name it from here on. */
export function toPathStyle(request: WireRequest): WireRequest {
  const bucket = virtualHost.exec(request.headers.host ?? '')?.groups?.bucket;
  if (bucket === undefined || bucket === 's3') return request;
  return { ...request, path: `/${bucket}${request.path}` };
}
