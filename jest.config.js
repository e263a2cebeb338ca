/** Native ES modules, so that @middy (import-only exports) and the bundles load as they do in Lambda. */
const project = (name, tests) => ({
  displayName: name,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // As in the bundles (esbuild.config.cjs): the real one hooks every promise, for a tenth of the tests' time.
  moduleNameMapper: { '^cls-hooked/context$': '<rootDir>/lib/aws/stand-ins/cls-hooked-context.ts' },
  transformIgnorePatterns: ['/node_modules/'],
  // The SDK asks Array.isArray of every member of every shape, and a global of the tests' own realm is slow to find: a
  // quarter of what a simulation costs. Array looks the same from the inside.
  sandboxInjectedGlobals: ['Array'],
  globalSetup: '<rootDir>/test/support/package-once.ts',
  modulePathIgnorePatterns: ['.serverless', '.esbuild', '.sandbox', 'dist'].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  ...tests,
});

/** The kinds of tests. Each runs whole as `npm run test:<kind>`; what `npm test` runs of them is in test/smoke.cjs. */
export default {
  projects: [
    // One part by itself: a function, a service of the sandbox, a file that ships.
    project('unit', {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/(pipeline|simulation)/'],
    }),
    // The application as a whole in real time: packaged, and pushed to with real builds, processes and load balancers.
    project('pipeline', { testMatch: ['<rootDir>/test/pipeline/**/*.test.ts'] }),
    // Whole deployments in virtual time, and what can go wrong with them.
    project('simulation', { testMatch: ['<rootDir>/test/simulation/**/*.test.ts'] }),
  ],
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  // Of test/support/property.ts.
  showSeed: true,
  // One more than the usual two cores: a pipeline test waits for builds, tasks and load balancers most of the time.
  maxWorkers: 3,
  testTimeout: 60_000,
};
