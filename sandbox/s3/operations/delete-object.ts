import type {
  DeletedObject,
  DeleteObjectOutput,
  DeleteObjectRequest,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '#sandbox/core/service.ts';
import { checkWriteConditions } from '../conditions.ts';
import type { S3 } from '../needs.ts';
import { type Bucket, currentVersion, newVersionId, type ObjectVersion } from '../store.ts';

/** Deleting: for good, or behind a delete marker where the bucket keeps versions. A missing key is no error. */
export function deleteOperations(s3: S3): Record<string, Operation> {
  const operations = {
    DeleteObject({ Bucket, Key = '', VersionId, IfMatch }: DeleteObjectRequest): DeleteObjectOutput {
      const bucket = s3.store.bucket(Bucket);
      if (IfMatch !== undefined) checkWriteConditions(currentVersion(bucket, Key), { IfMatch });
      const { DeleteMarker, ...deleted } = remove(s3, bucket, Key, VersionId);
      return DeleteMarker ? { DeleteMarker, ...deleted } : deleted;
    },
    DeleteObjects({ Bucket, Delete }: DeleteObjectsRequest): DeleteObjectsOutput {
      const bucket = s3.store.bucket(Bucket);
      const deleted = (Delete?.Objects ?? []).map(({ Key = '', VersionId }): DeletedObject => {
        const { DeleteMarker, VersionId: version } = remove(s3, bucket, Key, VersionId);
        if (VersionId !== undefined) return { Key, VersionId };
        return DeleteMarker
          ? { Key, DeleteMarker, ...(version ? { DeleteMarkerVersionId: version } : {}) }
          : { Key };
      });
      return Delete?.Quiet ? {} : { Deleted: deleted };
    },
  };
  return operations;
}

function remove(
  { context, store }: S3,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): { DeleteMarker?: boolean; VersionId?: string } {
  const versions = bucket.objects.get(key) ?? [];
  if (versionId !== undefined || bucket.versioning === undefined) {
    const version =
      versionId === undefined
        ? versions.at(-1)
        : versions.find((candidate) => candidate.versionId === versionId);
    if (version) store.forget(bucket, key, version);
    const marker = version?.deleteMarker === undefined ? {} : { DeleteMarker: true };
    return versionId === undefined ? {} : { ...marker, VersionId: versionId };
  }
  const marker: ObjectVersion = {
    versionId: newVersionId(context, bucket),
    deleteMarker: true,
    file: '',
    size: 0,
    etag: '',
    lastModified: new Date(context.clock.now()),
    contentType: '',
    headers: {},
    metadata: {},
    checksums: {},
  };
  store.add(bucket, key, marker);
  return { DeleteMarker: true, VersionId: marker.versionId };
}
