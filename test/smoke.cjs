const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { buildArgv } = require('jest');

/**
 * What `npm test` runs beside the unit tests: the smallest set in which each of the great paths is gone once. All of a
 * kind is `npm run test:pipeline` or `npm run test:simulation`; a file that is named on the command line runs always.
 */
const SMOKE = [
  // A push goes live, fails to migrate, crashes and is rolled back, in real time.
  'pipeline/push.test.ts',
  // A release goes live.
  'simulation/happy.test.ts',
  // Deployments wait for each other, and displace each other.
  'simulation/claim.test.ts',
  // A frozen service refuses.
  'simulation/freeze.test.ts',
  // Events are lost, doubled and late.
  'simulation/events.test.ts',
  // A failed rollout goes back to the last known good.
  'simulation/rollback.test.ts',
  // A failed deployment goes on once its cause is gone.
  'simulation/redrive.test.ts',
  // Every route answers as docs/openapi.yaml says.
  'simulation/api.test.ts',
  // People are told.
  'simulation/notifications.test.ts',
].map((file) => join(__dirname, file));

const OTHER_KINDS = ['pipeline', 'simulation'].map((kind) => join(__dirname, kind));

/** Jest's --filter, which gets the test files of one kind that match what the command line names. */
module.exports = async (files) => {
  const gone = SMOKE.filter((file) => !existsSync(file));
  if (gone.length > 0)
    throw new Error(`test/smoke.cjs names what does not exist: ${gone}; correct the list.`);
  const { _: named } = await buildArgv();
  const isUnit = (file) => !OTHER_KINDS.some((folder) => file.startsWith(folder));
  return { filtered: files.filter((file) => named.length > 0 || isUnit(file) || SMOKE.includes(file)) };
};
