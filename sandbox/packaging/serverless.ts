import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Runs `serverless package`. Fails with what the framework printed; aborted, it ends the framework. */
export function serverlessPackage(root: string, signal?: AbortSignal): Promise<void> {
  const program = join(root, 'node_modules', 'serverless', 'bin', 'serverless.js');
  return new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'package'], {
      cwd: root,
      // Nothing is sent anywhere and no update is looked for: packaging needs neither account nor network.
      env: {
        ...process.env,
        SLS_TELEMETRY_DISABLED: '1',
        SLS_NOTIFICATIONS_MODE: 'off',
        NO_COLOR: '1',
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
}
