import type { ResourceType } from './resource-type.ts';
import { json } from './shape.ts';

/** AWS::S3::Bucket. Encryption, public access and lifecycle mean nothing on one machine's loopback. */
export const bucket: ResourceType = {
  properties: ['BucketName', 'VersioningConfiguration'],
  recorded: [
    'BucketEncryption',
    'PublicAccessBlockConfiguration',
    'OwnershipControls',
    'LifecycleConfiguration',
    'Tags',
    'AccessControl',
    'LoggingConfiguration',
  ],
  async create({ properties, services, generatedName, context }) {
    const Bucket = String(properties.BucketName ?? generatedName(63).toLowerCase());
    await services.call('s3', 'CreateBucket', { Bucket });
    const { VersioningConfiguration } = properties;
    if (VersioningConfiguration !== undefined) {
      await services.call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration });
    }
    return {
      physicalId: Bucket,
      attributes: {
        Arn: `arn:aws:s3:::${Bucket}`,
        DomainName: `${Bucket}.s3.amazonaws.com`,
        RegionalDomainName: `${Bucket}.s3.${context.region}.amazonaws.com`,
      },
      remove: () => services.call('s3', 'DeleteBucket', { Bucket }),
    };
  },
};

/** AWS::S3::BucketPolicy. */
export const bucketPolicy: ResourceType = {
  properties: ['Bucket', 'PolicyDocument'],
  async create({ properties, services }) {
    const { Bucket, PolicyDocument } = properties;
    await services.call('s3', 'PutBucketPolicy', { Bucket, Policy: json(PolicyDocument) });
    const remove = () => services.call('s3', 'DeleteBucketPolicy', { Bucket });
    return { physicalId: String(Bucket), remove };
  },
};
