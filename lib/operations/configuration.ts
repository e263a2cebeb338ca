import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { parseServices, type Services } from '#lib/deployment/settings.ts';

/** services.yml, which is packaged beside the functions that read it. Fails with InvalidConfiguration. */
export function readServices(folder = process.env.LAMBDA_TASK_ROOT ?? process.cwd()): Services {
  const file = join(folder, 'services.yml');
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new DeploymentError(
      'InvalidConfiguration',
      `services.yml cannot be read (${(error as Error).message})`,
    );
  }
  return parseServices(content);
}
