import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Build, BuildPhaseType } from '@aws-sdk/client-codebuild';
import { arn } from '#sandbox/core/arn.ts';
import { sleep } from '#sandbox/core/clock.ts';
import { type Buildspec, type PhaseName, parseBuildspec } from '../buildspec.ts';
import { emitStateChange } from '../events.ts';
import type { CodeBuildSurroundings } from '../needs.ts';
import type { BuildEntry, WebhookTrigger } from '../state.ts';
import { uploadArtifacts } from './artifacts.ts';
import { buildEnvironment } from './environment.ts';
import { type BuildLog, createLog } from './log.ts';
import { PhaseError, timedOut } from './phase-error.ts';
import { type PhaseRecorder, phaseRecorder } from './phases.ts';
import { runPhase } from './run-phase.ts';
import { type BuildShell, createShell } from './shell.ts';
import { downloadSource } from './source.ts';

interface Run extends BuildEntry {
  surroundings: CodeBuildSurroundings;
  webhook: WebhookTrigger | undefined;
  log: BuildLog;
  phases: PhaseRecorder;
  /** The build's own folder: source, home and the shell's state. */
  folder: string;
  buildspec?: Buildspec;
  shell?: BuildShell;
}

/** Runs a build from PROVISIONING to COMPLETED. Never rejects: whatever happens is recorded in the build. */
export async function runBuild(
  surroundings: CodeBuildSurroundings,
  entry: BuildEntry,
  webhook: WebhookTrigger | undefined,
): Promise<void> {
  const { context } = surroundings;
  const { build, abort } = entry;
  const log = createLog(surroundings, build);
  const phases = phaseRecorder(context, build, log.agent);
  const folder = join(context.directory, 'builds', build.id?.split(':')[1] ?? '');
  const run: Run = { ...entry, surroundings, webhook, log, phases, folder };
  const minutes = build.timeoutInMinutes ?? 60;
  const timer = context.clock.setTimeout(() => abort.abort(timedOut(minutes)), minutes * 60_000);
  try {
    if (!abort.signal.aborted) await runPhases(run);
  } finally {
    context.clock.clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  }
  finish(run);
}

async function runPhases(run: Run): Promise<void> {
  const { phases, surroundings, abort } = run;
  const { clock } = surroundings.context;
  const prepared =
    (await phases.run('PROVISIONING', async () => {
      checkLogPermission(run);
      await sleep(clock, surroundings.options.provisioningMs, abort.signal);
    })) && (await phases.run('DOWNLOAD_SOURCE', () => prepare(run)));
  if (prepared && (await runCommandPhases(run))) await phases.run('UPLOAD_ARTIFACTS', () => upload(run));
  await phases.run('FINALIZING', () => exportVariables(run));
}

function checkLogPermission({ surroundings: { context, needs }, build }: Run): void {
  const { groupName = '', streamName = '' } = build.logs ?? {};
  const resources = [arn(context, 'logs', `log-group:${groupName}:log-stream:${streamName}`)];
  needs.iam.authorizeRole(
    build.serviceRole ?? '',
    ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resources })),
    'codebuild.amazonaws.com',
  );
}

/** DOWNLOAD_SOURCE: the checkout, the buildspec, and the variables from parameters and secrets. */
async function prepare(run: Run): Promise<void> {
  const { surroundings, build, folder, log, abort } = run;
  const { source = {} as NonNullable<Build['source']> } = build;
  const folders = { source: join(folder, 'src'), home: join(folder, 'home') };
  for (const path of Object.values(folders)) mkdirSync(path, { recursive: true });
  const location = source.location ?? '';
  if (source.type !== 'NO_SOURCE') {
    build.resolvedSourceVersion = await downloadSource({
      location,
      repository: surroundings.needs.git.locate(location),
      version: build.sourceVersion,
      folder: folders.source,
      signal: abort.signal,
    });
  }
  log.agent(`CODEBUILD_SRC_DIR=${folders.source}`);
  run.buildspec = readBuildspec(source.buildspec, folders.source);
  const environment = await buildEnvironment(surroundings, build, run.buildspec, folders, run.webhook);
  log.hide(environment.secrets);
  const { shell } = run.buildspec.env;
  run.shell = createShell(shell, join(folder, 'shell'), folders.source, environment.values, {
    signal: abort.signal,
    watchdog: surroundings.watchdog,
  });
}

/** Inline where it holds more than a file name could, else that file of the source; default buildspec.yml. */
function readBuildspec(given: string | undefined, sourceFolder: string): Buildspec {
  const inline = given?.includes('\n');
  const file = join(sourceFolder, given || 'buildspec.yml');
  if (!inline && !existsSync(file)) {
    throw new PhaseError('YAML_FILE_ERROR', `stat ${file}: no such file or directory`);
  }
  try {
    return parseBuildspec(inline ? (given ?? '') : readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PhaseError('YAML_FILE_ERROR', error instanceof Error ? error.message : String(error));
  }
}

const COMMAND_PHASES: [BuildPhaseType, PhaseName][] = [
  ['INSTALL', 'install'],
  ['PRE_BUILD', 'pre_build'],
  ['BUILD', 'build'],
  ['POST_BUILD', 'post_build'],
];

/**
 * Whether to go on to UPLOAD_ARTIFACTS. "Build phase transitions", CodeBuild user guide: after a failed INSTALL
 * or PRE_BUILD nothing more runs; POST_BUILD and the upload follow even a failed BUILD. on-failure says otherwise.
 */
async function runCommandPhases({ buildspec, shell, phases, log, abort }: Run): Promise<boolean> {
  if (!buildspec || !shell) return false;
  for (const [phaseType, name] of COMMAND_PHASES) {
    const phase = buildspec.phases[name];
    const succeeded = await phases.run(phaseType, async () => {
      if (phase) await runPhase(phase, shell, log);
    });
    if (succeeded) continue;
    shell.set('CODEBUILD_BUILD_SUCCEEDING', '0');
    const goesOn = phaseType === 'BUILD' || phaseType === 'POST_BUILD' ? 'CONTINUE' : 'ABORT';
    if (abort.signal.aborted || (phase?.['on-failure'] ?? goesOn) === 'ABORT') return false;
  }
  return true;
}

async function upload({
  surroundings,
  build,
  artifacts: project,
  buildspec,
  shell,
  folder,
  log,
}: Run): Promise<void> {
  const artifacts = buildspec?.artifacts;
  if (!artifacts || !shell || project.type !== 'S3') return;
  const uploaded = await uploadArtifacts({
    needs: surroundings.needs,
    project,
    artifacts,
    buildspecName: artifacts.name && (await shell.evaluate(artifacts.name)),
    buildUuid: build.id?.split(':')[1] ?? '',
    sourceFolder: join(folder, 'src'),
    role: build.serviceRole ?? '',
    log: log.agent,
  });
  build.artifacts = { ...build.artifacts, ...uploaded };
}

async function exportVariables({ build, buildspec, shell, abort }: Run): Promise<void> {
  if (!buildspec || !shell || abort.signal.aborted) return;
  const names = buildspec.env['exported-variables'];
  build.exportedEnvironmentVariables = await Promise.all(
    names.map(async (name) => ({ name, value: await shell.evaluate(`$${name}`) })),
  );
}

/** The worst phase is the build's status. */
function finish({ surroundings: { context }, build, phases }: Run): void {
  const statuses = new Set(build.phases?.map(({ phaseStatus }) => phaseStatus));
  phases.complete();
  build.endTime = new Date(context.clock.now());
  build.buildComplete = true;
  build.buildStatus =
    (['STOPPED', 'TIMED_OUT', 'FAILED'] as const).find((status) => statuses.has(status)) ?? 'SUCCEEDED';
  emitStateChange(context, build);
}
