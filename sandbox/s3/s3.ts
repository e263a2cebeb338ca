import * as sdk from '@aws-sdk/client-s3';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { authorizeS3 } from './authorize.ts';
import type { S3, S3Iam } from './needs.ts';
import { bucketSettingOperations } from './operations/bucket-settings.ts';
import { bucketOperations } from './operations/buckets.ts';
import { deleteOperations } from './operations/delete-object.ts';
import { readOperations } from './operations/get-object.ts';
import { listOperations } from './operations/list-objects.ts';
import { multipartOperations } from './operations/multipart.ts';
import { copyObject, putObject } from './operations/put-object.ts';
import { createStore, currentVersion } from './store.ts';

export interface S3Service {
  definition: ServiceDefinition;
  /** Puts an object on a service's own account, past IAM; returns its ETag. */
  put(bucket: string, key: string, body: Uint8Array | string, contentType?: string): Promise<string>;
  /** An object's bytes; undefined where there is no such object. */
  get(bucket: string, key: string): Promise<Uint8Array | undefined>;
}

/**
 * S3: buckets, objects, versions, multipart uploads. Bucket policies and lifecycle rules are kept and shown,
 * but neither enforced nor carried out; ACLs, notifications, replication and the like answer NotImplemented.
 */
export function createS3(context: SandboxContext, needs: { iam: S3Iam }): S3Service {
  const store = createStore(context);
  const s3: S3 = { context, store, iam: needs.iam };
  const put = putObject(s3);
  return {
    definition: {
      signingName: 's3',
      sdk,
      operations: {
        ...bucketOperations(s3),
        ...bucketSettingOperations(s3),
        ...readOperations(s3),
        ...deleteOperations(s3),
        ...listOperations(s3),
        ...multipartOperations(s3),
        PutObject: put,
        CopyObject: copyObject(s3),
      },
      authorize: authorizeS3,
    },
    async put(bucket, key, body, contentType) {
      const input = { Bucket: bucket, Key: key, Body: body };
      const { ETag = '' } = await put(
        contentType === undefined ? input : { ...input, ContentType: contentType },
      );
      return ETag;
    },
    async get(bucket, key) {
      const version = currentVersion(store.bucket(bucket), key);
      return version && store.readBytes(version);
    },
  };
}
