import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { clientOf } from './sdk/clients.ts';
import { hasName } from './sdk/faults.ts';

export interface BundleLocation {
  bucket: string;
  prefix: string;
}

export interface Bundles {
  /** One file of a release bundle as text. Fails with BundleUnreadable when it is not there. */
  read(bundle: BundleLocation, path: string): Promise<string>;
}

/** A template is a few kilobytes; more than this is a mistake that must not fill the function's memory. */
const MOST_BYTES = 1024 * 1024;

export function createBundles(s3 = clientOf(S3Client)): Bundles {
  return {
    async read({ bucket, prefix }, path) {
      const key = [prefix.replace(/\/$/, ''), path].filter((part) => part !== '').join('/');
      try {
        const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if ((ContentLength ?? 0) > MOST_BYTES) {
          throw new DeploymentError(
            'BundleUnreadable',
            `s3://${bucket}/${key} has ${ContentLength} bytes, more than ${MOST_BYTES}`,
          );
        }
        return (await Body?.transformToString()) ?? '';
      } catch (error) {
        if (!hasName(error, 'NoSuchKey', 'NoSuchBucket')) throw error;
        throw new DeploymentError('BundleUnreadable', `s3://${bucket}/${key} does not exist`, {
          cause: error,
        });
      }
    },
  };
}
