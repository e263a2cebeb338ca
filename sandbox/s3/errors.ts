import { AwsError } from '#sandbox/core/errors.ts';

/** Codes, sentences and statuses of "Error responses" in the S3 API reference. */
export function s3Error(code: string, message: string, httpStatus: number, fields: object = {}): AwsError {
  return new AwsError(code, message, { httpStatus, fields: { ...fields } });
}

export function noSuchBucket(BucketName: string): AwsError {
  return s3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName });
}

export function noSuchKey(Key: string): AwsError {
  return s3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key });
}

export function preconditionFailed(Condition: string): AwsError {
  return s3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition,
  });
}

export function notModified(): AwsError {
  return s3Error('NotModified', 'Not Modified', 304);
}
