// One ESM bundle a function. Names of classes and functions stay: an error's name is what the machine catches.
const { join } = require('node:path');

/**
 * A build that fails ends the packaging: serverless-esbuild leaves esbuild running then, and the framework would wait
 * for it forever. The moment is for the framework to say what went wrong.
 */
const endOnError = {
  name: 'end-on-error',
  setup: (build) =>
    build.onEnd(({ errors }) => {
      if (errors.length > 0) setTimeout(() => process.exit(1), 1_000);
    }),
};

module.exports = () => ({
  bundle: true,
  minify: true,
  keepNames: true,
  format: 'esm',
  outputFileExtension: '.mjs',
  platform: 'node',
  target: 'node24',
  // The SDK's ES modules shake better than its CommonJS: a third less to load at a cold start.
  mainFields: ['module', 'main'],
  sourcemap: false,
  alias: { '@aws-sdk/credential-provider-node': join(__dirname, 'lib/aws/credentials.ts') },
  // Lambda's own copy of the SDK is older than the lock file's: everything is bundled.
  exclude: [],
  external: [],
  plugins: [endOnError],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
