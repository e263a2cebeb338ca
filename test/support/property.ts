import { jest } from '@jest/globals';
import fc from 'fast-check';

/**
 * fast-check with the seed that Jest prints at the end of its report: `npm test -- --seed=N FILE` runs the same examples again.
 * .ci/run names one, so that a build tells of the change that it builds and of nothing else.
 */
fc.configureGlobal({ seed: jest.getSeed() });

export { fc };
