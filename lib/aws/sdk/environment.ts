import { DeploymentError } from '#lib/deployment/errors.ts';

/** A variable that serverless.yml sets. Fails with InvalidConfiguration. */
export function requireEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new DeploymentError('InvalidConfiguration', `the environment variable ${name} is not set`);
  }
  return value;
}
