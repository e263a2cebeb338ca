const Sequencer = require('@jest/test-sequencer').default;

/** Where jest knows no times yet, as in a fresh clone, it begins with the largest files. These are small, and take longest. */
const LONGEST = ['simulation/fault-matrix.test.ts', 'pipeline/packaging.test.ts', 'pipeline/push.test.ts'];

const rank = ({ path }) => {
  const index = LONGEST.findIndex((name) => path.endsWith(name));
  return index === -1 ? LONGEST.length : index;
};

module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
};
