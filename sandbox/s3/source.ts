import type { Caller } from '#sandbox/core/service.ts';
import { noSuchKey, s3Error } from './errors.ts';
import type { S3 } from './needs.ts';
import { currentVersion, type ObjectVersion } from './store.ts';

export interface Source {
  Bucket?: string | undefined;
  Key?: string | undefined;
  VersionId?: string | undefined;
}

/** The object that a copy's header names: `/bucket/key%20name?versionId=…`, the first slash optional. */
export function sourceOf(copySource: string): Source {
  const [path = '', version] = copySource.replace(/^\//, '').split('?versionId=');
  const [bucket, ...key] = decodeURIComponent(path).split('/');
  return { Bucket: bucket, Key: key.join('/'), VersionId: version };
}

/**
 * The version that a read asks for. Whoever may not list the bucket is not told that a key is missing, but
 * that access is denied ("GetObject" in the S3 API reference).
 */
export function findVersion(
  { store, iam }: S3,
  caller: Caller,
  { Bucket, Key = '', VersionId }: Source,
): ObjectVersion {
  const bucket = store.bucket(Bucket);
  const version =
    VersionId === undefined
      ? currentVersion(bucket, Key)
      : bucket.objects.get(Key)?.find(({ versionId }) => versionId === VersionId);
  if (version && !version.deleteMarker) return version;
  const list = { action: 's3:ListBucket', resources: [`arn:aws:s3:::${bucket.name}`] };
  const denied = iam.denial(caller, list);
  if (denied !== undefined) throw s3Error('AccessDenied', denied, 403);
  if (VersionId === undefined) throw noSuchKey(Key);
  throw version
    ? s3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405)
    : s3Error('NoSuchVersion', 'The specified version does not exist.', 404, { Key, VersionId });
}
