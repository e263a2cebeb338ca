/** Native ES modules, so that @middy (import-only exports) and the bundles load as they do in Lambda. */
export default {
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
  globalSetup: '<rootDir>/test/support/package-once.ts',
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['.serverless', '.esbuild', '.sandbox', 'dist'].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  // One more than the usual two cores: a pipeline test waits for builds, tasks and load balancers most of the time.
  maxWorkers: 3,
  testTimeout: 60_000,
  // The SDK asks Array.isArray of every member of every shape, and a global of the tests' own realm is slow to find: a
  // quarter of what a simulation costs. Array looks the same from the inside.
  sandboxInjectedGlobals: ['Array'],
};
