import type { GetObjectRequest, HeadObjectRequest } from '@aws-sdk/client-s3';
import type { Operation } from '#sandbox/core/service.ts';
import { checkReadConditions } from '../conditions.ts';
import { s3Error } from '../errors.ts';
import type { S3 } from '../needs.ts';
import { findVersion } from '../source.ts';
import { type ObjectVersion, shownVersionId } from '../store.ts';

/** GetObject and HeadObject: the same but for the body. */
export function readOperations(s3: S3): Record<string, Operation> {
  const operations: Record<string, Operation> = {
    async GetObject(input: GetObjectRequest, { caller }) {
      const version = findVersion(s3, caller, input);
      checkReadConditions(version, input);
      const body = await s3.store.readBytes(version);
      const part = input.Range === undefined ? undefined : rangeOf(input.Range, version.size);
      return {
        ...describe(s3, version, input),
        ContentType: input.ResponseContentType ?? version.contentType,
        ...(part
          ? {
              Body: body.subarray(part.first, part.last + 1),
              ContentLength: part.last + 1 - part.first,
              ContentRange: `bytes ${part.first}-${part.last}/${version.size}`,
            }
          : { Body: body, ...(input.ChecksumMode === 'ENABLED' ? version.checksums : {}) }),
      };
    },
    HeadObject(input: HeadObjectRequest, { caller }) {
      const version = findVersion(s3, caller, input);
      checkReadConditions(version, input);
      return {
        ...describe(s3, version, input),
        ...(input.ChecksumMode === 'ENABLED' ? version.checksums : {}),
      };
    },
  };
  return operations;
}

function describe({ store }: S3, version: ObjectVersion, { Bucket }: GetObjectRequest | HeadObjectRequest) {
  const { Expires, ...headers } = version.headers;
  return {
    AcceptRanges: 'bytes',
    ContentLength: version.size,
    ContentType: version.contentType,
    ETag: version.etag,
    LastModified: version.lastModified,
    Metadata: version.metadata,
    ...headers,
    ...(Expires === undefined ? {} : { ExpiresString: Expires }),
    ...shownVersionId(store.bucket(Bucket), version),
  };
}

/** `bytes=0-9`, `bytes=10-`, `bytes=-5`; undefined for what S3 does not know and answers whole. */
function rangeOf(range: string, size: number): { first: number; last: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size || first > last) {
    throw s3Error('InvalidRange', 'The requested range is not satisfiable', 416, { ActualObjectSize: size });
  }
  return { first, last };
}
