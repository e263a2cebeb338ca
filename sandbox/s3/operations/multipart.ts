import { createHash } from 'node:crypto';
import type {
  AbortMultipartUploadRequest,
  CompleteMultipartUploadOutput,
  CompleteMultipartUploadRequest,
  CreateMultipartUploadOutput,
  CreateMultipartUploadRequest,
  UploadPartOutput,
  UploadPartRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '#sandbox/core/service.ts';
import { md5, verifiedChecksums } from '../checksums.ts';
import { checkWriteConditions } from '../conditions.ts';
import { s3Error } from '../errors.ts';
import type { S3 } from '../needs.ts';
import { currentVersion, newVersionId, shownVersionId } from '../store.ts';

interface Upload {
  bucket: string;
  key: string;
  contentType: string;
  metadata: Record<string, string>;
  parts: Map<number, { body: Uint8Array; etag: string }>;
}

/** Multipart uploads, which clients choose for large objects. Parts are kept in memory until completed. */
export function multipartOperations({ context, store }: S3): Record<string, Operation> {
  const uploads = new Map<string, Upload>();
  const find = (UploadId = '') => {
    const upload = uploads.get(UploadId);
    if (upload) return upload;
    throw s3Error('NoSuchUpload', 'The specified multipart upload does not exist.', 404, { UploadId });
  };
  const operations = {
    CreateMultipartUpload(input: CreateMultipartUploadRequest): CreateMultipartUploadOutput {
      const { Bucket = '', Key = '', ContentType = 'binary/octet-stream', Metadata = {} } = input;
      store.bucket(Bucket);
      const UploadId = context.random.hex(64);
      uploads.set(UploadId, {
        bucket: Bucket,
        key: Key,
        contentType: ContentType,
        metadata: Metadata,
        parts: new Map(),
      });
      return { Bucket, Key, UploadId };
    },
    UploadPart(input: Omit<UploadPartRequest, 'Body'> & { Body?: Uint8Array }): UploadPartOutput {
      const upload = find(input.UploadId);
      const body = input.Body ?? new Uint8Array();
      const checksums = verifiedChecksums(body, input);
      const etag = `"${md5(body).toString('hex')}"`;
      upload.parts.set(input.PartNumber ?? 0, { body, etag });
      return { ETag: etag, ...checksums };
    },
    async CompleteMultipartUpload(
      input: CompleteMultipartUploadRequest,
    ): Promise<CompleteMultipartUploadOutput> {
      const upload = find(input.UploadId);
      const parts = (input.MultipartUpload?.Parts ?? []).map(({ PartNumber = 0, ETag }) => {
        const part = upload.parts.get(PartNumber);
        if (part && part.etag.replaceAll('"', '') === ETag?.replaceAll('"', '')) return part;
        throw s3Error('InvalidPart', 'One or more of the specified parts could not be found.', 400, {
          PartNumber,
        });
      });
      const body = Buffer.concat(parts.map((part) => part.body));
      const hashes = Buffer.concat(parts.map((part) => md5(part.body)));
      const bucket = store.bucket(upload.bucket);
      const file = await store.writeBytes(body);
      checkWriteConditions(currentVersion(bucket, upload.key), input);
      const version = {
        versionId: newVersionId(context, bucket),
        file,
        size: body.length,
        // The ETag of a multipart object is no MD5 of its bytes, but of its parts' MD5s, and their count.
        etag: `"${createHash('md5').update(hashes).digest('hex')}-${parts.length}"`,
        lastModified: new Date(context.clock.now()),
        contentType: upload.contentType,
        headers: {},
        metadata: upload.metadata,
        checksums: {},
      };
      store.add(bucket, upload.key, version);
      uploads.delete(input.UploadId ?? '');
      return {
        Bucket: upload.bucket,
        Key: upload.key,
        ETag: version.etag,
        ...shownVersionId(bucket, version),
      };
    },
    AbortMultipartUpload({ UploadId }: AbortMultipartUploadRequest) {
      find(UploadId);
      uploads.delete(UploadId ?? '');
    },
  };
  return operations;
}
