import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * How npm runs on the build host: packages come from this machine's cache where it has them, so that a build
 * whose packages are known needs no network; nothing is asked of the registry besides, and no log is kept.
 */
export function npmEnvironment(environment: Record<string, string | undefined>): Record<string, string> {
  const registry = environment.npm_config_registry;
  return {
    npm_config_cache: environment.npm_config_cache ?? join(homedir(), '.npm'),
    ...(registry === undefined ? {} : { npm_config_registry: registry }),
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_logs_max: '0',
  };
}
