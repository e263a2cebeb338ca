import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes git tell the sandbox of every push, whichever way it came in (a path, HTTP): a post-receive hook that
 * posts what it was given. The hooks folder is named in the repository's own configuration, as a core.hooksPath
 * of the user who pushes to the path would otherwise be used instead.
 */
export function installReceiveHook(repository: string, url: string, token: string): string {
  const hooks = join(repository, 'hooks');
  mkdirSync(hooks, { recursive: true });
  writeFileSync(join(hooks, 'token'), token, { mode: 0o600 });
  const program = join(hooks, 'report.mjs');
  writeFileSync(program, reportProgram(url, join(hooks, 'token')));
  const script = `#!/bin/sh\nexec '${process.execPath}' '${program}'\n`;
  writeFileSync(join(hooks, 'post-receive'), script, { mode: 0o755 });
  return hooks;
}

/** What the hook prints reaches the one who pushes, as "remote: …". */
const reportProgram = (url: string, tokenFile: string) => `
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

try {
  const response = await fetch(${JSON.stringify(url)}, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'x-git-token': readFileSync(${JSON.stringify(tokenFile)}, 'utf8') },
    body: await text(process.stdin),
  });
  if (!response.ok) console.log('the sandbox did not take notice of this push: HTTP ' + response.status);
} catch (error) {
  console.log('the sandbox could not be told of this push: ' + (error.cause?.message ?? error.message));
}
`;
