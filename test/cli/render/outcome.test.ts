import { describe, expect, it } from '@jest/globals';
import type { Deployment } from '#cli/client/contract.ts';
import { renderOutcome } from '#cli/render/outcome.ts';
import { plain } from '../context.ts';
import { at, failed, running, tasks } from './rolling.ts';

describe('the end of a deployment', () => {
  const ended: Deployment = { ...running, endedAt: at(95) };

  it.each<[string, Deployment, string]>([
    [
      'live',
      { ...ended, status: 'SUCCEEDED', taskDefinition: tasks({}).taskDefinition },
      '✓ webapp-0123456789ab-8 is live after 1 min 35 s: webapp:8\n',
    ],
    [
      'superseded',
      {
        ...ended,
        status: 'SUPERSEDED',
        message:
          'Another deployment took the place of this one: webapp-1 (0123456) took its place in the queue.',
      } as Deployment,
      `\
– webapp-0123456789ab-8 was superseded

  Another deployment took the place of this one: webapp-1 (0123456) took its place in the queue.
`,
    ],
    [
      'refused because a newer release is live',
      {
        ...failed,
        error: 'NewerReleaseLive',
        message: 'A redrive is refused: a newer release has gone live.',
      } as Deployment,
      `\
✗ webapp-0123456789ab-8 failed: NewerReleaseLive after 1 min 35 s

  A redrive is refused: a newer release has gone live.

Deploy it all the same: landfall deploy webapp --commit 0123456789abcdef
`,
    ],
    [
      'failed, nothing touched',
      failed,
      `\
✗ webapp-0123456789ab-8 failed: MigrationFailed after 1 min 35 s

  AwaitMigration failed with MigrationFailed.
  The migration failed: it exited 3; fix its cause.
  Last log lines:
    boom

Go on where it failed: landfall redrive webapp-0123456789ab-8
`,
    ],
    [
      'failed without a message',
      { ...failed, message: undefined } as unknown as Deployment,
      `\
✗ webapp-0123456789ab-8 failed: MigrationFailed after 1 min 35 s

  AwaitMigration failed with MigrationFailed.
  It failed.
  Last log lines:
    boom

The service was not touched: it runs what it ran before.
Go on where it failed: landfall redrive webapp-0123456789ab-8
`,
    ],
    [
      'aborted in the middle of a rollout',
      { ...ended, status: 'ABORTED', serviceOutcome: 'CHANGED' },
      `\
✗ webapp-0123456789ab-8 was aborted after 1 min 35 s

  It ended in AwaitRollout.

The service may not run what it should: a person has to look.
Go on where it failed: landfall redrive webapp-0123456789ab-8
See what runs:         landfall status webapp
`,
    ],
    [
      'that nobody could account for yet',
      { ...ended, status: 'TIMED_OUT', message: 'The execution ran into its timeout.' },
      `\
✗ webapp-0123456789ab-8 ran past the time that an execution may take after 1 min 35 s

  The execution ran into its timeout.

It is not known what the service runs now: a person has to look.
Go on where it failed: landfall redrive webapp-0123456789ab-8
See what runs:         landfall status webapp
`,
    ],
  ])('is told: %s', (_, deployment, text) => {
    expect(renderOutcome(deployment, plain)).toBe(text);
  });
});
