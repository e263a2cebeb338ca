import { CliError, usageError } from '#cli/errors.ts';
import { exitCodes } from '#cli/exit-codes.ts';
import type { Api } from './api.ts';

/** A deployment, by its service and its name. */
export interface Target {
  service: string;
  deployment: string;
  /** It was not named, and nothing is under way: it is the service's latest. */
  isLatest?: boolean;
}

/** A build, by its service and CodeBuild's id. */
export interface BuildTarget {
  service: string;
  build: string;
}

/** The service that is named, else the only one that there is. */
export async function serviceOf(api: Api, name: string | undefined): Promise<string> {
  assertNamed(name);
  if (name !== undefined) return name;
  const services = (await api.services()).map(({ service }) => service);
  const [only, ...others] = services;
  if (only === undefined) throw usageError('No service is configured.', 'Add one to services.yml.');
  if (others.length > 0)
    throw usageError('There is more than one service.', `Name one of ${services.join(', ')}.`);
  return only;
}

/**
 * The deployment that is named, or that of a service that matters now: the one that holds the claim, else the latest.
 * A deployment's name begins with that of its service.
 */
export async function targetOf(api: Api, name: string | undefined): Promise<Target> {
  assertNamed(name);
  if (name === undefined) return latestOf(api, await serviceOf(api, undefined));
  const services = (await api.services()).map(({ service }) => service);
  if (services.includes(name)) return latestOf(api, name);
  const owners = services.filter((service) => name.startsWith(`${service}-`));
  const service = owners.sort((one, other) => other.length - one.length)[0];
  if (service === undefined)
    throw usageError(
      `"${name}" is neither a service nor a deployment of one.`,
      `The services are ${services.join(', ')}; their deployments are listed by landfall history.`,
    );
  return { service, deployment: name };
}

/**
 * The build that is named by CodeBuild's id, project:uuid; undefined where the name is none. The project's name ends
 * with that of its service.
 */
export async function buildOf(api: Api, name: string | undefined): Promise<BuildTarget | undefined> {
  if (name === undefined || !name.includes(':')) return undefined;
  const [project = ''] = name.split(':');
  const services = (await api.services()).map(({ service }) => service);
  const owners = services.filter((service) => project.endsWith(`-${service}`));
  const service = owners.sort((one, other) => other.length - one.length)[0];
  if (service === undefined)
    throw usageError(`"${name}" is no build of a service.`, `The services are ${services.join(', ')}.`);
  return { service, build: name };
}

/** "" is what a variable of a script is that was never set: nobody means the only service by it. */
function assertNamed(name: string | undefined): void {
  if (name?.trim() === '') throw usageError('The name is empty.', 'Name a service, or leave it out.');
}

async function latestOf(api: Api, service: string): Promise<Target> {
  const { claim } = await api.service(service);
  if (claim !== null) return { service, deployment: claim.deployment };
  const { deployments } = await api.deployments(service, { limit: 1 });
  const [latest] = deployments;
  if (latest === undefined)
    throw new CliError('DeploymentNotFound', `Nothing has been deployed to ${service} yet.`, {
      exitCode: exitCodes.failed,
      remedy: `Deploy it with: landfall deploy ${service} --ref main`,
    });
  return { service, deployment: latest.deployment, isLatest: latest.status !== 'RUNNING' };
}
