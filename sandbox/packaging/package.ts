import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundle } from './bundle.ts';
import { withPackagingLock } from './lock.ts';
import { serverlessPackage } from './serverless.ts';

/** What the template is compiled from. The functions' code is no part of it. */
const TEMPLATE_INPUTS = [
  'buildspec.yml',
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

/** What had to be packaged: everything, or the functions whose code had changed, by key. */
export type Changes = 'everything' | string[];

/**
 * Packages the application into `.serverless/`. Where the template there was compiled from exactly these files, only
 * functions that have changed are built: a developer who starts the sandbox ten times a day does not wait for the
 * framework. Fails with what the framework or esbuild said; aborted, it ends either.
 */
export function packageApplication(
  root: string,
  signal?: AbortSignal,
): Promise<PackagedApplication & { changes: Changes }> {
  return withPackagingLock(
    join(root, '.packaging.lock'),
    async () => {
      const changes = await packageChanges(root, signal);
      return { ...readPackaged(root), changes };
    },
    signal,
  );
}

/** What was packaged last, as it lies there. */
export function readPackaged(root: string): PackagedApplication {
  return { directory: join(root, '.serverless'), template: readFileSync(templateOf(root), 'utf8') };
}

async function packageChanges(root: string, signal?: AbortSignal): Promise<Changes> {
  const directory = join(root, '.serverless');
  const mark = join(directory, 'template-inputs.sha256');
  const inputs = fingerprint(root);
  if (existsSync(templateOf(root)) && existsSync(mark) && readFileSync(mark, 'utf8') === inputs)
    return bundle(root, directory, signal);
  await serverlessPackage(root, signal);
  writeFileSync(mark, inputs);
  return 'everything';
}

const templateOf = (root: string) => join(root, '.serverless', 'cloudformation-template-update-stack.json');

function fingerprint(root: string): string {
  const hash = createHash('sha256');
  for (const file of TEMPLATE_INPUTS.flatMap((input) => filesOf(join(root, input)))) {
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
