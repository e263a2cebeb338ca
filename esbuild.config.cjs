// One ESM bundle a function. Names of classes and functions stay: an error's name is what the machine catches.
const { join } = require('node:path');
const { isPackaging } = require('./resources/bundles/is-packaging.cjs');

const standIn = (name) => join(__dirname, 'lib/aws/stand-ins', name);

/**
 * What the X-Ray SDK loads and a function never calls: what traces the SDK of version 2 (with all of semver), callbacks,
 * functions, HTTP servers and databases; EC2, ECS and Elastic Beanstalk; sampling, which X-Ray does before Lambda calls.
 */
const unusedOfXray =
  /\/((aws|http|promise)_p|capture|mw_utils|incoming_request_data|sql_data|(ec2|ecs|elastic_beanstalk)_plugin)$/;

const withoutUnused = {
  name: 'without-unused',
  setup: (build) =>
    build.onResolve({ filter: unusedOfXray }, ({ importer }) =>
      importer.includes('aws-xray-sdk-core') ? { path: standIn('unused.ts') } : undefined,
    ),
};

/**
 * Imported as an ES module, node:http has all that it exports read, and so loads undici for its WebSocket: a fifth of
 * what a cold start costs. Required, it loads that when it is asked for it.
 */
const requiredHttp = {
  name: 'required-http',
  setup(build) {
    build.onResolve({ filter: /^node:http$/ }, ({ kind, path }) =>
      kind === 'import-statement' ? { path, namespace: 'required' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

const buildOptions = {
  bundle: true,
  minify: true,
  keepNames: true,
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  target: 'node24',
  // The SDK's ES modules shake better than its CommonJS: a third less to load at a cold start.
  mainFields: ['module', 'main'],
  sourcemap: false,
  alias: {
    '@aws-sdk/credential-provider-node': standIn('credential-provider-node.ts'),
    'cls-hooked/context': standIn('cls-hooked-context.ts'),
  },
  plugins: [withoutUnused, requiredHttp],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

/** serverless-esbuild's settings: it builds only for what packages nothing, `invoke local`. */
module.exports = (serverless) => ({
  ...buildOptions,
  outputFileExtension: '.mjs',
  // Lambda's own copy of the SDK is older than the lock file's: everything is bundled.
  exclude: [],
  external: [],
  skipBuild: isPackaging(serverless),
  // Without it, esbuild goes on running after a build that failed, and the framework waits for it forever.
  skipRebuild: true,
});
module.exports.buildOptions = buildOptions;
