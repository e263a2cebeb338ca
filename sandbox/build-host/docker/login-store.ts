import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface DockerConfig {
  auths?: Record<string, { auth: string }>;
}

/** Where docker keeps its logins: $DOCKER_CONFIG or ~/.docker, in config.json. */
export function loginStore(environment: Record<string, string | undefined>) {
  const folder = environment.DOCKER_CONFIG ?? join(environment.HOME ?? '/', '.docker');
  const file = join(folder, 'config.json');
  const read = (): DockerConfig => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
  const write = (config: DockerConfig) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  };
  return {
    file,
    password(registry: string): string | undefined {
      const auth = read().auths?.[registry]?.auth;
      return (
        auth &&
        Buffer.from(auth, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '')
      );
    },
    save(registry: string, username: string, password: string): void {
      const config = read();
      const auth = Buffer.from(`${username}:${password}`).toString('base64');
      write({ ...config, auths: { ...config.auths, [registry]: { auth } } });
    },
    remove(registry: string): void {
      const { [registry]: _, ...auths } = read().auths ?? {};
      write({ ...read(), auths });
    },
  };
}
