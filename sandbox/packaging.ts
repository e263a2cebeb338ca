import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { withPackagingLock } from './packaging-lock.ts';

/** Everything that the packaged application is made of. */
const INPUTS = [
  'buildspec.yml',
  'esbuild.config.cjs',
  'functions',
  'lib',
  'package-lock.json',
  'resources',
  'serverless.yml',
  'services.yml',
  'statemachines',
];

export interface PackagedApplication {
  /** The folder that holds the zips: `.serverless`. */
  directory: string;
  /** The compiled CloudFormation template's text. */
  template: string;
}

/**
 * Runs `serverless package`, unless `.serverless/` was made from exactly these files already: compiled, the
 * application is the same, and a developer who starts the sandbox ten times a day does not wait for it.
 * Fails with what the framework printed; aborted, it ends the framework.
 */
export function packageApplication(
  root: string,
  signal?: AbortSignal,
): Promise<PackagedApplication & { reused: boolean }> {
  return withPackagingLock(join(root, '.packaging.lock'), () => packageIfChanged(root, signal), signal);
}

async function packageIfChanged(
  root: string,
  signal?: AbortSignal,
): Promise<PackagedApplication & { reused: boolean }> {
  const directory = join(root, '.serverless');
  const template = join(directory, 'cloudformation-template-update-stack.json');
  const mark = join(directory, 'inputs.sha256');
  const inputs = fingerprint(root);
  const reused = existsSync(template) && existsSync(mark) && readFileSync(mark, 'utf8') === inputs;
  if (!reused) {
    await serverlessPackage(root, signal);
    writeFileSync(mark, inputs);
  }
  return { directory, template: readFileSync(template, 'utf8'), reused };
}

function fingerprint(root: string): string {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap((input) => filesOf(join(root, input)))) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

function serverlessPackage(root: string, signal?: AbortSignal): Promise<void> {
  const program = join(root, 'node_modules', 'serverless', 'bin', 'serverless.js');
  // serverless-esbuild leaves a folder of each function among the temporary files.
  const temporary = mkdtempSync(join(tmpdir(), 'landfall-package-'));
  const packaged = new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'package'], {
      cwd: root,
      // Nothing is sent anywhere and no update is looked for: packaging needs neither account nor network.
      env: {
        ...process.env,
        SLS_TELEMETRY_DISABLED: '1',
        SLS_NOTIFICATIONS_MODE: 'off',
        NO_COLOR: '1',
        TMPDIR: temporary,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    });
    let printed = '';
    const keep = (chunk: Buffer) => {
      printed += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`serverless package failed with exit code ${code}:\n${printed}`));
    });
  });
  return packaged.finally(() => rmSync(temporary, { recursive: true, force: true }));
}
