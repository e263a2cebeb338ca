// How the dashboard and the alarms name what the functions count: lib/deployment/notify/metrics.ts says what there is.
const { services } = require('./services.cjs');

const REGION = '${AWS::Region}';

/** A metric of Landfall's own as a dashboard's widget takes it. */
const own = (name, dimensions, options = {}) => [
  'Landfall',
  name,
  ...Object.entries(dimensions).flat(),
  ...(Object.keys(options).length === 0 ? [] : [options]),
];

/** The longest that a deployment of this service may take by its own deadlines: forward, back again, and as much once more. */
function longest({ migration = {}, rollout = {}, health = {} }) {
  const forward = (migration.timeoutSeconds ?? 900) + (health.timeoutSeconds ?? 300);
  return 2 * (forward + 2 * (rollout.timeoutSeconds ?? 1800));
}

module.exports = { REGION, longest, own, services };
