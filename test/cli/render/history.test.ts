import { describe, expect, it } from '@jest/globals';
import type { Deployment } from '#cli/client/contract.ts';
import { renderHistory } from '#cli/render/history.ts';
import { plain } from '../context.ts';
import { at, failed, NOW, running, tasks } from './rolling.ts';

describe('a history', () => {
  it('is a table, the failures with their names', () => {
    const live: Deployment = {
      ...running,
      status: 'SUCCEEDED',
      endedAt: at(8),
      taskDefinition: tasks({}).taskDefinition,
    };
    const { commit: _, ...byImage } = running;

    expect(renderHistory([{ ...byImage, trigger: { kind: 'image' } }, live, failed], NOW, plain)).toBe(`\
DEPLOYMENT             STATUS     RELEASE              TRIGGER           STARTED               TOOK
webapp-0123456789ab-8  RUNNING    sha256:0123456789ab  image             2030-01-31 12:00:00Z  30 s
webapp-0123456789ab-8  SUCCEEDED  commit 0123456       push by Jane Doe  2030-01-31 12:00:00Z  8.0 s       webapp:8
webapp-0123456789ab-8  FAILED     commit 0123456       push by Jane Doe  2030-01-31 12:00:00Z  1 min 35 s  MigrationFailed, nothing touched
`);
  });

  it('may be empty', () => {
    expect(renderHistory([], NOW, plain)).toBe('Nothing has been deployed yet.\n');
  });
});
