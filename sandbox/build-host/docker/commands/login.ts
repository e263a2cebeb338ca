import { isValidPassword } from '#sandbox/ecr/authorization-token.ts';
import { readArguments } from '../arguments.ts';
import { DockerError, unsupported } from '../errors.ts';
import { loginStore } from '../login-store.ts';
import type { Command } from './command.ts';

/** docker login --username AWS --password-stdin REGISTRY: the password has to be one that ECR issued. */
export const login: Command = async (args, { directory, environment, out, err, input }) => {
  const { values, positionals } = readArguments('login', args, {
    username: { type: 'string', short: 'u' },
    password: { type: 'string', short: 'p' },
    'password-stdin': { type: 'boolean' },
  });
  const registry = (positionals[0] ?? 'docker.io').replace(/^https:\/\//, '').replace(/\/.*$/, '');
  if (values.username === undefined) throw unsupported('login without --username');
  if (values.password !== undefined) {
    err('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n');
  }
  const password = values['password-stdin'] ? (await input()).trim() : (values.password ?? '');
  if (password === '') throw new DockerError('password is empty');
  if (values.username !== 'AWS' || !isValidPassword(directory, registry, password, Date.now())) {
    throw new DockerError(
      `Error response from daemon: login attempt to https://${registry}/v2/ failed with status: 400 Bad Request`,
    );
  }
  const store = loginStore(environment);
  store.save(registry, values.username, password);
  err(`\nWARNING! Your credentials are stored unencrypted in '${store.file}'.\n`);
  out('Login Succeeded\n');
};

/** docker logout REGISTRY */
export const logout: Command = async ([registry = 'docker.io'], { environment, out }) => {
  loginStore(environment).remove(registry);
  out(`Removing login credentials for ${registry}\n`);
};
