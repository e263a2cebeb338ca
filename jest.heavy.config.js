import base from './jest.config.js';

/** The heavier suite, `npm run test:heavy`: what takes long and whose parts the other tests hold already. */
export default { ...base, testMatch: ['<rootDir>/test/**/*.heavy.ts'] };
