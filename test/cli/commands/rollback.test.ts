import { describe, expect, it } from '@jest/globals';
import { landfall } from './asking.ts';

describe('landfall rollback', () => {
  const words = 'rolls back webapp from webapp:7 (commit bbbbbbb) to webapp:6 (commit aaaaaaa)';

  it('says from what to what before it starts, and asks', async () => {
    const no = await landfall(['rollback'], { answer: 'n' });
    const yes = await landfall(['rollback'], { answer: 'yes' });

    expect(no).toMatchObject({ exitCode: 1, posted: [], err: expect.stringContaining(words) });
    expect(yes).toMatchObject({ exitCode: 0, posted: ['/services/webapp/rollback'] });
  });

  it('does not ask for a release that was named, but says which', async () => {
    const { questions, posted, err } = await landfall(['rollback', '--to', 'webapp-5'], { answer: '' });

    expect({ questions, posted }).toEqual({ questions: [], posted: ['/services/webapp/rollback'] });
    expect(err).toContain('rolls back webapp from webapp:7 (commit bbbbbbb) to the release of webapp-5\n');
  });
});
