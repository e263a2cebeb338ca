import type { CliError } from '#cli/errors.ts';

/** Where an API is, and what a call of it fails with. */

export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

export const AWS = 'https://abc123.execute-api.eu-west-1.amazonaws.com';

export const API = 'http://127.0.0.1:4566/_api/abc123';

export const failure = (promise: Promise<unknown>): Promise<CliError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail')),
    (error) => error,
  );
