import { describe, expect, it } from '@jest/globals';
import { isTransient, toDeploymentError } from '#lib/aws/sdk/faults.ts';
import { HaltedDeployment } from '#lib/deployment/ending/halt.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';

/** An error as the SDK throws it. */
const fault = (name: string, httpStatusCode: number, message = 'Rate exceeded.') =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

describe('an error of the SDK', () => {
  it.each([
    ['ThrottlingException', 400],
    ['TooManyRequestsException', 429],
    ['RequestLimitExceeded', 400],
    ['ProvisionedThroughputExceededException', 400],
    ['SlowDown', 503],
    ['ServerException', 500],
    ['InternalFailure', 503],
  ])('%s (%i) becomes AwsUnavailable, which the machine retries', (name, status) => {
    expect(toDeploymentError(fault(name, status))).toMatchObject({
      name: 'AwsUnavailable',
      message: expect.stringContaining(`${name}: Rate exceeded; check`),
    });
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE'])('of the network, %s, does too', (code) => {
    expect(toDeploymentError(Object.assign(new Error('socket'), { code }))).toMatchObject({
      name: 'AwsUnavailable',
    });
  });

  it.each(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError'])(
    '%s becomes AccessDenied, which nobody retries',
    (name) => {
      const error = fault(name, 403, 'User: arn:… is not authorized to perform: ecs:RunTask');

      expect(isTransient(error)).toBe(false);
      expect(toDeploymentError(error)).toMatchObject({
        name: 'AccessDenied',
        message: expect.stringContaining('ecs:RunTask'),
      });
    },
  );

  it.each<[string, unknown]>([
    ['a refusal of the request', fault('ClientException', 400)],
    ['an answer that a thing is not there', fault('ResourceNotFoundException', 400)],
    ['a defect', new TypeError('x is undefined')],
    ['an error of ours', new DeploymentError('ImageNotFound', 'webapp:v1')],
    ['no error at all', 'thrown text'],
  ])('that is neither stays what it is: %s', (_, error) => {
    expect(toDeploymentError(error)).toBe(error);
  });
});

describe('the failure that HaltDeployment throws', () => {
  it.each(['AccessDenied', 'AwsUnavailable', 'MigrationFailed', 'States.Timeout'])(
    'keeps its name and message, also %s',
    (name) => {
      const halted = new HaltedDeployment(name, 'what an operator reads');

      expect(toDeploymentError(halted)).toBe(halted);
    },
  );
});
