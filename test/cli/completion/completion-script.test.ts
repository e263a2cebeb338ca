import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { scriptFor } from '#cli/completion/completion-script.ts';

describe('the completion script of bash', () => {
  it('needs nothing but bash, and may be read twice', () => {
    const script = `${scriptFor('bash')}
landfall() { printf '%s|' "$@" >&2; printf 'webapp\\tA service\\nweb-admin\\n:4\\n'; }
compopt() { :; }
COMP_LINE='landfall status --api http://127.0.0.1:1/x we' COMP_POINT=\${#COMP_LINE} __landfall_complete
echo "\${COMPREPLY[@]}"`.replaceAll('\\$', '$');
    const source = scriptFor('bash');

    const { stdout, stderr, status } = spawnSync(
      'bash',
      ['--norc', '-c', `${source}\n${source}\n${script}`],
      {
        encoding: 'utf8',
      },
    );

    expect({ stdout, stderr, status }).toEqual({ stdout: 'webapp web-admin\n', stderr: '', status: 0 });
  });
});
