import { describe, expect, it } from '@jest/globals';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { problemOf } from '#lib/middleware/api/problem.ts';

const PATH = '/services/webapp/deployments';

describe('the problem document (RFC 9457)', () => {
  it('of an error of ours has its name, its refusal and its status', () => {
    const error = new DeploymentError('DeploymentNotFound', 'webapp has no record of "x"');

    expect(problemOf(error, PATH)).toEqual({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: 'urn:landfall:error:DeploymentNotFound',
        title: 'DeploymentNotFound',
        status: 404,
        detail: error.refusal,
        instance: PATH,
      },
    });
  });

  it('of a request that is still at work says when to ask again', () => {
    const { status, headers } = problemOf(new DeploymentError('RequestInProgress', 'it is at work'), PATH);

    expect({ status, headers }).toEqual({
      status: 409,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '2' },
    });
  });

  it('of an error of ours that no request can cause is one of the server', () => {
    expect(problemOf(new DeploymentError('MigrationFailed', 'it exited 1'), PATH).status).toBe(500);
  });

  it.each([
    [422, 400],
    [415, 415],
  ])("of the body parser's refusal with %d is an InvalidRequest with %d", (statusCode, status) => {
    const refused = Object.assign(new Error('Invalid or malformed JSON was provided'), { statusCode });

    expect(problemOf(refused, PATH)).toMatchObject({
      status,
      body: {
        title: 'InvalidRequest',
        status,
        detail:
          'The request cannot be accepted: Invalid or malformed JSON was provided (a body is JSON, and its content type application/json); correct the fields it names and send it again.',
      },
    });
  });

  it.each([new TypeError('secret is undefined'), Object.assign(new Error('secret'), { statusCode: 502 })])(
    'of anything else tells nothing (%s)',
    (error) => {
      const { status, body } = problemOf(error, PATH);

      expect(status).toBe(500);
      expect(body).toEqual({
        type: 'urn:landfall:error:InternalError',
        title: 'InternalError',
        status: 500,
        detail: 'The request could not be answered; see the log of this function',
        instance: PATH,
      });
    },
  );
});
