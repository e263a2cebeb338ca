import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

describe('an output that takes no more', () => {
  const shell = (script: string) =>
    spawnSync('bash', ['-c', script], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', landfall: `${process.execPath} cli/main.ts` },
    });

  it.each([
    ['is full', '$landfall help > /dev/full', 70, /^OutputFailed: the output cannot be written: ENOSPC.*\n$/],
    ['was closed by its reader', 'exec 5> >(:); wait $!; $landfall help >&5; echo $? >&2', 0, /^141\n$/],
  ])('ends the command without a stack where it %s', (_, script, status, err) => {
    const ran = shell(script);

    expect(ran).toMatchObject({ status, stdout: '' });
    expect(ran.stderr).toMatch(err);
  });
});
