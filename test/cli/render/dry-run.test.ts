import { describe, expect, it } from '@jest/globals';
import type { DryRun } from '#cli/client/contract.ts';
import { renderDiff, renderVerification } from '#cli/render/dry-run.ts';
import { plain } from '../context.ts';
import { at } from './rolling.ts';

describe('a dry run', () => {
  const answer: DryRun = {
    service: 'webapp',
    digest: 'sha256:b',
    taskDefinition: [
      { path: 'containerDefinitions[webapp].image', from: 'webapp@sha256:a', to: 'webapp@sha256:b' },
      { path: 'containerDefinitions[webapp].cpu', from: 256, to: null },
      { path: 'containerDefinitions[sidecar]', from: null, to: { name: 'sidecar', image: 'proxy' } },
    ],
    serviceDefinition: [],
    verification: {
      passed: false,
      problem: { error: 'RoleNotFound', message: 'The role webapp is missing.' },
    },
    claim: null,
    waiter: null,
    freeze: null,
  };

  it('is a diff', () => {
    expect(renderDiff(answer, plain)).toBe(`\
Task definition
  containerDefinitions[webapp].image
  - webapp@sha256:a
  + webapp@sha256:b
  containerDefinitions[webapp].cpu
  - 256
  containerDefinitions[sidecar]
  + {
  +   "name": "sidecar",
  +   "image": "proxy"
  + }

Service: no changes
`);
  });

  it('and a verdict', () => {
    expect(renderVerification(answer, plain)).toBe('✗ RoleNotFound\n  The role webapp is missing.\n');
    expect(renderVerification({ ...answer, verification: { passed: true, problem: null } }, plain)).toBe(
      '✓ the pre-flight passes\n',
    );
  });

  it('and who is in the way', () => {
    const claim = { deployment: 'webapp-1', execution: 'arn', since: at(0) };
    const freeze = { reason: 'the sale', requestedBy: 'arn:aws:iam::123456789012:user/jane', until: null };

    expect(
      renderVerification(
        {
          verification: { passed: true, problem: null },
          claim,
          waiter: { ...claim, deployment: 'webapp-2' },
          freeze: null,
        },
        plain,
      ),
    ).toBe(`\
✓ the pre-flight passes
  webapp-1 is under way: this one would wait for its turn
  webapp-2 waits: this one would take its place
`);
    expect(renderVerification({ ...answer, freeze }, plain)).toBe(`\
✗ RoleNotFound
  The role webapp is missing.
  frozen until it is lifted, by jane: the sale
`);
  });
});
