import type { SandboxContext } from './service.ts';

/** `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE` in this sandbox's account and Region. */
export function arn(
  context: Pick<SandboxContext, 'accountId' | 'region'>,
  service: string,
  resource: string,
): string {
  return `arn:aws:${service}:${context.region}:${context.accountId}:${resource}`;
}
