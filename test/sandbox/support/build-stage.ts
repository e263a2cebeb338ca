import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Build, CreateProjectInput, StartBuildInput } from '@aws-sdk/client-codebuild';
import { createCodeBuild } from '#sandbox/codebuild/codebuild.ts';
import { createServiceCalls } from '#sandbox/core/calls.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { createEcr } from '#sandbox/ecr/ecr.ts';
import { createImages } from '#sandbox/ecr/images.ts';
import { gitEnvironment } from '#sandbox/git/command.ts';
import { createGit } from '#sandbox/git/git.ts';
import { createIam } from '#sandbox/iam/iam.ts';
import { createS3 } from '#sandbox/s3/s3.ts';
import { createSecrets } from '#sandbox/secretsmanager/secrets.ts';
import { createSts } from '#sandbox/sts/sts.ts';
import { createFrontDoor } from '#sandbox/wire/front-door.ts';
import { createRole } from './roles.ts';
import { type EmittedEvent, testContext } from './sandbox-context.ts';

export const webappFolder = fileURLToPath(new URL('../../../examples/webapp', import.meta.url));

const execute = promisify(execFile);

/** The real git, as a user who is not the machine's own. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await execute('git', args, { cwd, env: gitEnvironment() });
  return `${stdout}${stderr}`.trim();
}

/** What a build's role may do, as the build projects of the application give it. */
const buildPermissions: { Action: string | string[]; Resource: string }[] = [
  { Action: 'logs:*', Resource: '*' },
  { Action: ['s3:PutObject', 's3:GetObject'], Resource: 'arn:aws:s3:::releases/*' },
  { Action: 'ssm:GetParameters', Resource: 'arn:aws:ssm:eu-west-1:111122223333:parameter/allowed/*' },
  { Action: 'secretsmanager:GetSecretValue', Resource: '*' },
  { Action: 'ecr:GetAuthorizationToken', Resource: '*' },
  { Action: 'ecr:*', Resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/webapp' },
];

/** Everything a build touches, served on the wire: git, CodeBuild, ECR, S3, IAM. */
export async function buildStage() {
  const { context: bare, emitted, remove } = testContext();
  let port = 0;
  const listeners = new Set<(event: EmittedEvent) => void>();
  const context: SandboxContext = {
    ...bare,
    endpoint: () => `http://127.0.0.1:${port}`,
    emit(event) {
      emitted.push(event);
      for (const listener of listeners) listener(event);
    },
  };
  const lines: string[] = [];
  const awaitedLines = new Map<string, () => void>();
  const logs = {
    write(_group: string, _stream: string, message: string) {
      lines.push(message);
      awaitedLines.get(message)?.();
    },
  };
  const iam = createIam(context);
  const images = createImages(context);
  const ecr = createEcr(context, { images });
  const s3 = createS3(context, { iam });
  const host = createGit(context, { onPush: (push) => codebuild.onPush(push) });
  const secrets = createSecrets(context);
  const sts = createSts(context, { iam });
  const definitions = [ecr.definition, s3.definition, iam.definition, sts.definition, ...secrets.definitions];
  const calls = createServiceCalls(context, definitions);
  const codebuild = createCodeBuild(context, { iam, logs, calls, git: host });
  const frontDoor = createFrontDoor(context, {
    definitions: [...definitions, codebuild.definition],
    iam,
    handlers: [host.handler],
  });
  port = await frontDoor.listen();
  const all = createServiceCalls(context, [...definitions, codebuild.definition]);
  await all.call('ecr', 'CreateRepository', { repositoryName: 'webapp', imageTagMutability: 'IMMUTABLE' });
  await all.call('s3', 'CreateBucket', { Bucket: 'releases' });
  const codebuildTrust = { Service: 'codebuild.amazonaws.com' };

  return {
    context,
    emitted,
    lines,
    images,
    s3,
    host,
    call: all.call,
    createRole: (name: string, statements = buildPermissions) =>
      createRole(iam, name, statements, codebuildTrust),
    /** A build project for the repository of the sandbox that its source location names. */
    async createProject(name: string, input: Partial<CreateProjectInput> & { buildspec?: string } = {}) {
      const { buildspec, ...rest } = input;
      const serviceRole =
        rest.serviceRole ?? (await createRole(iam, `${name}-role`, buildPermissions, codebuildTrust));
      const source = { type: 'GITHUB', location: 'https://github.com/acme/webapp.git', buildspec };
      const environment = {
        type: 'LINUX_CONTAINER',
        image: 'aws/codebuild/standard:7.0',
        computeType: 'BUILD_GENERAL1_SMALL',
      };
      await all.call('codebuild', 'CreateProject', {
        name,
        source,
        artifacts: { type: 'NO_ARTIFACTS' },
        environment,
        serviceRole,
        ...rest,
      });
    },
    /** Resolves with the build of the next event that it has ended, whoever started it. */
    nextBuild: () =>
      new Promise<Build>((resolve) => {
        const listener = ({ detail }: EmittedEvent) => {
          if (detail['current-phase'] !== 'COMPLETED') return;
          listeners.delete(listener);
          const id = String(detail['build-id']).replace(/^.*build\//, '');
          void all
            .call('codebuild', 'BatchGetBuilds', { ids: [id] })
            .then(({ builds }) => resolve(builds[0]));
        };
        listeners.add(listener);
      }),
    /** Resolves when a build writes this line to its log. */
    onceLogged: (line: string) => new Promise<void>((resolve) => void awaitedLines.set(line, resolve)),
    async build(projectName: string, input: Partial<StartBuildInput> = {}): Promise<Build> {
      const ended = this.nextBuild();
      await all.call('codebuild', 'StartBuild', { projectName, ...input });
      return await ended;
    },
    /** A working copy with these files (or those of a folder) in one commit. */
    async workingCopy(files: Record<string, string>, folder?: string): Promise<string> {
      const copy = mkdtempSync(join(context.directory, 'copy-'));
      const outside = (path: string) => !path.includes('node_modules');
      if (folder !== undefined) cpSync(folder, copy, { recursive: true, filter: outside });
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(copy, name)), { recursive: true });
        writeFileSync(join(copy, name), content);
      }
      await git(copy, 'init', '--quiet', '--initial-branch=main');
      await git(copy, 'add', '--all');
      await git(copy, 'commit', '--quiet', '--message=First');
      return copy;
    },
    async close() {
      await codebuild.close();
      await frontDoor.close();
      remove();
    },
  };
}

export type BuildStage = Awaited<ReturnType<typeof buildStage>>;
