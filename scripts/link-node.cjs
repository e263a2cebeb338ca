/**
 * Sees to it that npm's scripts run on the Node that package.json names: `node_modules/.bin/node`. npm 11 leaves that
 * link in place; npm 10 makes it and then clears it away, with those of the optional packages for other platforms,
 * which are named the same. CommonJS, as the machine's own Node runs this, whichever it is.
 */
const { chmodSync, existsSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');
const { optionalDependencies } = require('../package.json');

const modules = join(__dirname, '..', 'node_modules');
const link = join(modules, '.bin', 'node');
const installed = Object.keys(optionalDependencies).find((name) =>
  existsSync(join(modules, name, 'bin', 'node')),
);
if (installed !== undefined && !existsSync(link)) {
  chmodSync(join(modules, installed, 'bin', 'node'), 0o755);
  symlinkSync(join('..', installed, 'bin', 'node'), link);
}
