import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { stopOnSignals } from '#sandbox/signals.ts';
import { startPipeline } from '#test/support/pipeline.ts';

/**
 * `npm run fuzz:api`: schemathesis makes up requests from docs/openapi.yaml, signed, against the packaged functions in
 * a sandbox in which two releases have been deployed. No answer may be a 5xx, or one that the contract does not have.
 * Further arguments are handed to schemathesis (`-- --seed 1`). Needs Python 3.10 or later.
 */
const SCHEMATHESIS = '4.32.5';
const BOTOCORE = '1.44.5';

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
];

async function run(command: string, args: string[], options: SpawnOptions = {}): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** Installed once, into a virtual environment of its own. */
async function install(): Promise<string> {
  const directory = join(tmpdir(), `landfall-schemathesis-${SCHEMATHESIS}`);
  const bin = join(directory, 'bin');
  const program = join(bin, 'schemathesis');
  if (existsSync(program)) return program;
  const packages = [`schemathesis==${SCHEMATHESIS}`, `botocore==${BOTOCORE}`];
  const failed =
    (await run('python3', ['-m', 'venv', directory])) ||
    (await run(join(bin, 'pip'), ['install', '--quiet', ...packages]));
  if (failed) throw new Error('schemathesis could not be installed: it needs python3 with venv, and PyPI');
  return program;
}

/** The stage's throttle would answer most of what comes with 429. */
async function liftThrottle({ services }: Sandbox): Promise<void> {
  const { call } = services.calls;
  const { Items } = await call('apigateway', 'GetApis', {});
  const DefaultRouteSettings = { ThrottlingBurstLimit: 5_000, ThrottlingRateLimit: 10_000 };
  await call('apigateway', 'UpdateStage', {
    ApiId: Items[0].ApiId,
    StageName: '$default',
    DefaultRouteSettings,
  });
}

async function main(): Promise<number> {
  const program = await install();
  const pipeline = await startPipeline();
  const { sandbox } = pipeline;
  stopOnSignals(() => pipeline.stop());
  try {
    const deployments: string[] = [];
    const builds: string[] = [];
    for (const message of ['The first release', 'The second release']) {
      const commit = await pipeline.push(message);
      const { executionArn } = await pipeline.deployed(commit);
      builds.push((await pipeline.built(commit)).id);
      deployments.push(executionArn.split(':').at(-1) ?? '');
    }
    await liftThrottle(sandbox);
    const url = String(sandbox.stack?.resources.HttpApi?.attributes.ApiEndpoint);
    const { accessKeyId, secretAccessKey } = sandbox.credentials;
    return await run(
      program,
      [
        'run',
        join(process.cwd(), 'docs', 'openapi.yaml'),
        ...['--url', url],
        ...['--checks', CHECKS.join()],
        ...['--max-examples', '50'],
        '--continue-on-failure',
        '--no-color',
        ...process.argv.slice(2),
      ],
      {
        // Where it keeps what it finds.
        cwd: dirname(program),
        env: {
          ...process.env,
          SCHEMATHESIS_HOOKS: join(process.cwd(), 'test', 'fuzz', 'hooks.py'),
          PYTHONDONTWRITEBYTECODE: '1',
          FUZZ_SERVICE: 'webapp',
          FUZZ_DEPLOYMENTS: deployments.join(),
          FUZZ_BUILDS: builds.join(),
          AWS_REGION: sandbox.region,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
        },
      },
    );
  } finally {
    await pipeline.stop();
  }
}

process.exitCode = await main();
