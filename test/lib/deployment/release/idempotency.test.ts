import { describe, expect, it } from '@jest/globals';
import { answerOf, requestLineOf } from '#lib/deployment/release/idempotency.ts';
import { failureOf, NOON } from '../fixtures.ts';

const request = requestLineOf('POST /services/{service}/deployments', { ref: 'main' });
const remembered = { request, requestId: 'r-1', heldUntil: NOON };

describe('a request with a key', () => {
  it('is compared by its route and its body', () => {
    expect(request).toBe('POST /services/{service}/deployments {"ref":"main"}');
  });

  it('that was performed is answered as it was then', () => {
    const answer = { status: 202, body: { deployment: 'webapp-1' } };

    expect(answerOf('job-7', { ...remembered, answer }, request)).toBe(answer);
  });

  it('that has no answer yet is told to wait', () => {
    const error = failureOf(() => answerOf('job-7', remembered, request));

    expect(error.name).toBe('RequestInProgress');
    expect(error.message).toContain('the one with the key "job-7" has no answer yet');
  });

  it('is refused where the key was that of another one, which is named', () => {
    const other = requestLineOf('POST /services/{service}/rollback', {});

    const error = failureOf(() =>
      answerOf('job-7', { ...remembered, answer: { status: 202, body: {} } }, other),
    );

    expect(error.name).toBe('IdempotencyKeyReused');
    expect(error.message).toContain(`"job-7" was that of ${request}`);
  });
});
