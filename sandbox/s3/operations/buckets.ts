import type {
  CreateBucketRequest,
  DeleteBucketRequest,
  GetBucketLocationRequest,
  HeadBucketRequest,
  ListBucketsRequest,
} from '@aws-sdk/client-s3';
import type { Operation, OperationContext } from '#sandbox/core/service.ts';
import { s3Error } from '../errors.ts';
import type { S3 } from '../needs.ts';

/** Buckets themselves. */
export function bucketOperations({ context, store }: S3): Record<string, Operation> {
  const operations = {
    CreateBucket({ Bucket: name = '', CreateBucketConfiguration }: CreateBucketRequest) {
      if (
        !/^(?!xn--)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/.test(name) ||
        name.includes('..')
      ) {
        throw s3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
      }
      const location = CreateBucketConfiguration?.LocationConstraint;
      if (location !== undefined && location !== context.region) {
        throw s3Error(
          'IllegalLocationConstraintException',
          `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
          400,
        );
      }
      if (store.buckets.has(name)) {
        throw s3Error(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          409,
          { BucketName: name },
        );
      }
      const createdAt = new Date(context.clock.now());
      store.buckets.set(name, { name, createdAt, objects: new Map(), settings: new Map() });
      return { Location: `/${name}` };
    },
    HeadBucket({ Bucket }: HeadBucketRequest) {
      store.bucket(Bucket);
      return { BucketRegion: context.region };
    },
    GetBucketLocation({ Bucket }: GetBucketLocationRequest) {
      store.bucket(Bucket);
      // us-east-1 is the location that has no name.
      return context.region === 'us-east-1' ? {} : { LocationConstraint: context.region };
    },
    DeleteBucket({ Bucket }: DeleteBucketRequest) {
      const { name, objects } = store.bucket(Bucket);
      if (objects.size > 0) {
        throw s3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
          BucketName: name,
        });
      }
      store.buckets.delete(name);
    },
    ListBuckets({ Prefix = '' }: ListBucketsRequest, { caller }: OperationContext) {
      return {
        Buckets: [...store.buckets.values()]
          .filter(({ name }) => name.startsWith(Prefix))
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt })),
        Owner: { ID: caller.accountId },
      };
    },
  };
  return operations;
}
