import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolchain } from '#sandbox/ecr/toolchain.ts';

const programs = {
  docker: fileURLToPath(new URL('docker/main.ts', import.meta.url)),
  aws: fileURLToPath(new URL('aws/main.ts', import.meta.url)),
};

/**
 * What stands for CodeBuild's standard image: the PATH of a build. Its docker and aws are programs of this
 * folder that speak to this sandbox; node and npm are the machine's; git, sh and the like come from the system.
 */
export function buildHostPath(directory: string): string {
  const folder = join(directory, 'build-host');
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    for (const [name, program] of Object.entries(programs)) {
      // A build starts these some seven times: compiled code kept between them saves each about 60 ms.
      const script = `#!/bin/sh
NODE_COMPILE_CACHE='${join(folder, 'compile-cache')}' exec '${process.execPath}' '${program}' '${directory}' "$@"
`;
      writeFileSync(join(folder, name), script, { mode: 0o755 });
    }
  }
  // The system's own folders, not this process's PATH: a build sees what a build host has, not what a user has.
  const system = [
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    '/opt/homebrew/bin',
  ];
  return [folder, toolchain(directory), ...system].join(delimiter);
}
