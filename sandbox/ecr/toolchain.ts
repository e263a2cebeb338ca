import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The folder that stands for /usr/local/bin of the `node` base images: this machine's own Node and its npm.
 * Images hold no copy of Node, so it is put before the image's PATH whenever something of the image runs.
 */
export function toolchain(directory: string): string {
  const folder = join(directory, 'images', 'toolchain');
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const name of ['npm', 'npx']) {
    const script = npmScript(name);
    if (script === undefined) continue;
    writeFileSync(join(folder, name), `#!/bin/sh\nexec "${folder}/node" "${script}" "$@"\n`, { mode: 0o755 });
  }
  return folder;
}

/** npm as it is installed beside whichever Node the user has; npm itself tells its children where it is. */
function npmScript(name: string): string | undefined {
  const running = process.env.npm_execpath;
  if (running?.endsWith('npm-cli.js')) return running.replace(/npm-cli\.js$/, `${name}-cli.js`);
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
  return found && realpathSync(found);
}
