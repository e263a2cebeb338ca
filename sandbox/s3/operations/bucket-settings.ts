import type {
  BucketLifecycleConfiguration,
  GetBucketVersioningOutput,
  PutBucketVersioningRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '#sandbox/core/service.ts';
import { s3Error } from '../errors.ts';
import type { S3 } from '../needs.ts';
import type { Bucket } from '../store.ts';

interface Setting {
  /** PutBucketEncryption is Put + BucketEncryption. */
  name: string;
  /** The member that carries the setting, in requests and in answers where they do not differ. */
  member: string;
  /** What S3 answers where it was never set. */
  missing: [code: string, message: string];
}

/** Settings that are kept as given and shown again, and that change nothing in how this S3 behaves. */
const kept: Setting[] = [
  {
    name: 'PublicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    missing: ['NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'],
  },
  {
    name: 'BucketOwnershipControls',
    member: 'OwnershipControls',
    missing: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
  },
  {
    name: 'BucketEncryption',
    member: 'ServerSideEncryptionConfiguration',
    missing: [
      'ServerSideEncryptionConfigurationNotFoundError',
      'The server side encryption configuration was not found',
    ],
  },
  {
    name: 'BucketPolicy',
    member: 'Policy',
    missing: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
  },
];

/** Encryption, public access, ownership, policy, tags, lifecycle, versioning. Only versioning has an effect. */
export function bucketSettingOperations({ store }: S3): Record<string, Operation> {
  const get = ({ name, settings }: Bucket, { member, missing: [code, message] }: Setting) => {
    const value = settings.get(member);
    if (value === undefined) throw s3Error(code, message, 404, { BucketName: name });
    return value;
  };
  const lifecycle: Setting = {
    name: 'BucketLifecycle',
    member: 'LifecycleConfiguration',
    missing: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
  };
  const tagging: Setting = {
    name: 'BucketTagging',
    member: 'Tagging',
    missing: ['NoSuchTagSet', 'The TagSet does not exist'],
  };
  const put =
    ({ member }: Setting): Operation =>
    (input) => {
      store.bucket(input.Bucket).settings.set(member, input[member]);
    };
  const remove =
    ({ member }: Setting): Operation =>
    (input) => {
      store.bucket(input.Bucket).settings.delete(member);
    };

  const plain = kept.flatMap((setting): [string, Operation][] => [
    [`Put${setting.name}`, put(setting)],
    [`Get${setting.name}`, (input) => ({ [setting.member]: get(store.bucket(input.Bucket), setting) })],
    [`Delete${setting.name}`, remove(setting)],
  ]);
  return {
    ...Object.fromEntries(plain),
    PutBucketLifecycleConfiguration: put(lifecycle),
    GetBucketLifecycleConfiguration: ({ Bucket }) => ({
      Rules: (get(store.bucket(Bucket), lifecycle) as BucketLifecycleConfiguration).Rules,
    }),
    DeleteBucketLifecycle: remove(lifecycle),
    PutBucketTagging: put(tagging),
    GetBucketTagging: ({ Bucket }) => get(store.bucket(Bucket), tagging),
    DeleteBucketTagging: remove(tagging),
    PutBucketVersioning({ Bucket, VersioningConfiguration }: PutBucketVersioningRequest) {
      const status = VersioningConfiguration?.Status;
      if (status !== 'Enabled' && status !== 'Suspended') {
        throw s3Error('MalformedXML', 'The XML you provided was not well-formed', 400);
      }
      store.bucket(Bucket).versioning = status;
    },
    GetBucketVersioning({ Bucket }): GetBucketVersioningOutput {
      const { versioning } = store.bucket(Bucket);
      return versioning === undefined ? {} : { Status: versioning };
    },
  };
}
