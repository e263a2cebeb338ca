import type { AuthorizationRequest, ServiceDefinition } from '#sandbox/core/service.ts';
import { sourceOf } from './source.ts';

/** Operations whose permission has another name (Service Authorization Reference: S3). */
const actions: Record<string, string> = {
  ListBuckets: 'ListAllMyBuckets',
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  HeadObject: 'GetObject',
  DeleteObjects: 'DeleteObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  DeleteBucketTagging: 'PutBucketTagging',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
};

interface S3Input {
  Bucket?: string;
  Key?: string;
  VersionId?: string;
  CopySource?: string;
  Prefix?: string;
  Delimiter?: string;
  Delete?: { Objects?: { Key?: string }[] };
}

/** What IAM has to allow, on the bucket or on the object. */
export const authorizeS3: ServiceDefinition['authorize'] = (operation, given) => {
  const input = given as S3Input;
  const bucketArn = input.Bucket === undefined ? '*' : `arn:aws:s3:::${input.Bucket}`;
  const name = actions[operation] ?? operation;
  if (operation === 'CopyObject') {
    const source = sourceOf(input.CopySource ?? '');
    return [
      { action: 's3:GetObject', resources: [`arn:aws:s3:::${source.Bucket}/${source.Key}`] },
      { action: 's3:PutObject', resources: [`${bucketArn}/${input.Key}`] },
    ];
  }
  const versioned = input.VersionId !== undefined && /^(Get|Delete)Object$/.test(name) ? 'Version' : '';
  const request: AuthorizationRequest = { action: `s3:${name}${versioned}`, resources: [bucketArn] };
  if (input.Key !== undefined) request.resources = [`${bucketArn}/${input.Key}`];
  if (input.Delete) {
    request.resources = (input.Delete.Objects ?? []).map(({ Key }) => `${bucketArn}/${Key}`);
  }
  if (name.startsWith('ListBucket')) {
    request.conditions = {
      's3:prefix': input.Prefix ?? '',
      ...(input.Delimiter === undefined ? {} : { 's3:delimiter': input.Delimiter }),
    };
  }
  return [request];
};
