import type {
  CopyObjectOutput,
  CopyObjectRequest,
  PutObjectOutput,
  PutObjectRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '#sandbox/core/service.ts';
import { md5, verifiedChecksums } from '../checksums.ts';
import { checkReadConditions, checkWriteConditions } from '../conditions.ts';
import { s3Error } from '../errors.ts';
import type { S3 } from '../needs.ts';
import { findVersion, sourceOf } from '../source.ts';
import { currentVersion, newVersionId, type ObjectVersion, shownVersionId } from '../store.ts';

/** Headers that an object gives back as it got them. */
const keptHeaders = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'Expires',
] as const;

export type Body = Uint8Array | string | undefined;

/** PutObject as the wire and other services of the sandbox call it, with the body whole. */
export function putObject({ context, store }: S3) {
  return async (input: Omit<PutObjectRequest, 'Body'> & { Body?: Body }): Promise<PutObjectOutput> => {
    const { Bucket, Key = '' } = input;
    const bucket = store.bucket(Bucket);
    if (Buffer.byteLength(Key) > 1024) throw s3Error('KeyTooLongError', 'Your key is too long', 400);
    const body = typeof input.Body === 'string' ? Buffer.from(input.Body) : (input.Body ?? new Uint8Array());
    const checksums = verifiedChecksums(body, input);
    const file = await store.writeBytes(body);
    // From here on nothing waits: of two writers who ask that the key be free, only one gets through.
    checkWriteConditions(currentVersion(bucket, Key), input);
    const headers = keptHeaders.flatMap((name) =>
      input[name] === undefined ? [] : [[name, `${input[name]}`]],
    );
    const version: ObjectVersion = {
      versionId: newVersionId(context, bucket),
      file,
      size: body.length,
      etag: `"${md5(body).toString('hex')}"`,
      lastModified: new Date(context.clock.now()),
      contentType: input.ContentType ?? 'binary/octet-stream',
      headers: Object.fromEntries(headers),
      metadata: input.Metadata ?? {},
      checksums,
    };
    store.add(bucket, Key, version);
    return { ETag: version.etag, ...checksums, ...shownVersionId(bucket, version) };
  };
}

/** CopyObject, within this S3. */
export function copyObject(s3: S3): Operation<CopyObjectRequest, CopyObjectOutput> {
  const { context, store } = s3;
  return async (input, { caller }) => {
    const source = sourceOf(input.CopySource ?? '');
    const target = store.bucket(input.Bucket);
    const original = findVersion(s3, caller, source);
    checkReadConditions(original, {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
    });
    const file = await store.writeBytes(await store.readBytes(original));
    const replaced =
      input.MetadataDirective === 'REPLACE'
        ? {
            metadata: input.Metadata ?? {},
            contentType: input.ContentType ?? 'binary/octet-stream',
            headers: {},
          }
        : {};
    const version: ObjectVersion = {
      ...original,
      ...replaced,
      file,
      versionId: newVersionId(context, target),
      lastModified: new Date(context.clock.now()),
    };
    store.add(target, input.Key ?? '', version);
    return {
      CopyObjectResult: { ETag: version.etag, LastModified: version.lastModified },
      ...shownVersionId(target, version),
    };
  };
}
