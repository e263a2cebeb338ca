import type { DeploymentRequest } from '#cli/client/contract.ts';
import { serviceOf } from '#cli/client/target.ts';
import { waitFor, waitForBuild } from '#cli/following/wait.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderDiff, renderVerification } from '../render/dry-run.ts';
import {
  createIntervalOption,
  createKey,
  createKeyOption,
  createServiceArgument,
  createWaitOption,
  type Register,
  type ReleaseOptions,
  releaseOptions,
  requestOf,
} from './command.ts';

interface Options extends ReleaseOptions {
  dryRun?: boolean;
  wait?: boolean;
  interval?: number;
  idempotencyKey?: string;
}

export const deploy: Register = (program, act) => {
  program
    .command('deploy')
    .description('deploy an image, a commit that has been built, or a ref that is built first')
    .addArgument(createServiceArgument())
    .addOption(releaseOptions.image())
    .addOption(releaseOptions.commit())
    .addOption(releaseOptions.ref())
    .option('--dry-run', 'only say what would change and whether the pre-flight passes')
    .addOption(createWaitOption())
    .addOption(createIntervalOption())
    .addOption(createKeyOption())
    .action(
      act(async (context, name: string | undefined, options: Options) => {
        const request = requestOf(options);
        const service = await serviceOf(context.api, name);
        if (options.dryRun) return performDryRun(context, service, request);
        const started = await context.api.deploy(service, request, options.idempotencyKey ?? createKey());
        if ('build' in started) {
          if (options.wait) return waitForBuild(context, started, options);
          context.print(started, () => `${started.build}\n`);
          context.say(`Building ${started.ref}. Watch it with: landfall watch ${started.build}`);
          return;
        }
        if (options.wait) return waitFor(context, started, { ...options, isNew: true });
        context.print(started, () => `${started.deployment}\n`);
        context.say(`Started. Watch it with: landfall watch ${started.deployment}`);
      }),
    );
};

async function performDryRun({ api, print, style }: Context, service: string, request: DeploymentRequest) {
  const answer = await api.dryRun(service, request);
  print(answer, () => `${renderDiff(answer, style)}\n${renderVerification(answer, style)}`);
  return answer.verification.passed ? exitCodes.done : exitCodes.failed;
}
