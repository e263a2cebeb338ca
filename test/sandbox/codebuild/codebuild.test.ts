import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Build } from '@aws-sdk/client-codebuild';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { passes } from '#sandbox/codebuild/webhook-filters.ts';
import { type BuildStage, buildStage, git, webappFolder } from '../support/build-stage.ts';

const buildspecFile = fileURLToPath(new URL('../../../buildspec.yml', import.meta.url));
const buildspec = (commands: Record<string, unknown>, more = '') =>
  `version: 0.2\nphases: ${JSON.stringify(commands)}\n${more}`;

const phase = (build: Build, type: string) => build.phases?.find(({ phaseType }) => phaseType === type);
const outcomes = (build: Build) =>
  Object.fromEntries((build.phases ?? []).map(({ phaseType, phaseStatus }) => [phaseType, phaseStatus]));

let stage: BuildStage;
beforeAll(async () => {
  stage = await buildStage();
});
afterAll(() => stage.close());

describe('a push to examples/webapp', () => {
  const repositoryUri = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/webapp';
  let copy: string;
  let commit: string;
  let built: Build;

  beforeAll(async () => {
    const variables = { REPOSITORY_URI: repositoryUri, SERVICE: 'webapp' };
    await stage.createProject('build-webapp', {
      buildspec: readFileSync(buildspecFile, 'utf8'),
      artifacts: {
        type: 'S3',
        location: 'releases',
        path: 'webapp',
        namespaceType: 'BUILD_ID',
        name: 'bundle',
        packaging: 'NONE',
      },
      environment: {
        type: 'LINUX_CONTAINER',
        image: 'aws/codebuild/standard:7.0',
        computeType: 'BUILD_GENERAL1_SMALL',
        environmentVariables: Object.entries(variables).map(([name, value]) => ({ name, value })),
      },
    });
    await stage.call('codebuild', 'CreateWebhook', {
      projectName: 'build-webapp',
      filterGroups: [
        [
          { type: 'EVENT', pattern: 'PUSH' },
          { type: 'HEAD_REF', pattern: '^refs/heads/main$' },
        ],
      ],
    });
    const { url } = await stage.host.repository('webapp');
    copy = await stage.workingCopy({}, webappFolder);
    await git(copy, 'commit', '--quiet', '--amend', '--message=Say "hello"\n\nin two lines');
    commit = await git(copy, 'rev-parse', 'HEAD');
    const ended = stage.nextBuild();
    await git(copy, 'push', '--quiet', url, 'main');
    built = await ended;
  });

  it('builds the image with the real buildspec.yml, pushes it, and exports what it is', () => {
    const image = stage.images.pull(`${repositoryUri}:${commit}`);

    expect(outcomes(built)).toEqual({
      SUBMITTED: 'SUCCEEDED',
      QUEUED: 'SUCCEEDED',
      PROVISIONING: 'SUCCEEDED',
      DOWNLOAD_SOURCE: 'SUCCEEDED',
      INSTALL: 'SUCCEEDED',
      PRE_BUILD: 'SUCCEEDED',
      BUILD: 'SUCCEEDED',
      POST_BUILD: 'SUCCEEDED',
      UPLOAD_ARTIFACTS: 'SUCCEEDED',
      FINALIZING: 'SUCCEEDED',
      COMPLETED: undefined,
    });
    expect(built).toMatchObject({
      buildStatus: 'SUCCEEDED',
      buildNumber: 1,
      resolvedSourceVersion: commit,
      exportedEnvironmentVariables: [
        { name: 'COMMIT', value: commit },
        { name: 'BRANCH', value: 'main' },
        { name: 'IMAGE', value: `${repositoryUri}:${commit}` },
        { name: 'IMAGE_DIGEST', value: image.digest },
      ],
      logs: { groupName: '/aws/codebuild/build-webapp', streamName: built.id?.split(':')[1] },
    });
    expect(image.config.command).toEqual(['node', 'server.js']);
    expect(stage.lines).toContain('Login Succeeded');
  });

  it('leaves the release bundle in S3', async () => {
    const prefix = `webapp/${built.id?.split(':')[1]}/bundle`;
    const read = async (key: string) =>
      JSON.parse(Buffer.from((await stage.s3.get('releases', `${prefix}/${key}`)) ?? '').toString());

    expect(built.artifacts?.location).toBe(`arn:aws:s3:::releases/${prefix}`);
    expect(await read('release.json')).toEqual({
      service: 'webapp',
      image: `${repositoryUri}:${commit}`,
      digest: stage.images.pull(`${repositoryUri}:${commit}`).digest,
      commit,
      branch: 'main',
      author: 'sandbox <sandbox@localhost>',
      message: 'Say "hello"\n\nin two lines',
      createdBy: { buildId: built.id, buildNumber: 1 },
    });
    for (const file of [
      'task-definitions/webapp.json',
      'task-definitions/migrate-overrides.json',
      'services/webapp-service.json',
    ]) {
      expect(await read(`ecs/${file}`)).toEqual(
        JSON.parse(readFileSync(join(webappFolder, 'ecs', file), 'utf8')),
      );
    }
  });

  it('is told of by events of the shape that AWS sends', () => {
    const sample = JSON.parse(
      readFileSync(new URL('../../events/codebuild-build-state-change.merged.json', import.meta.url), 'utf8'),
    );
    const events = stage.emitted.filter(({ detail }) => detail['build-id'] === built.arn);
    const states = events.filter((event) => event['detail-type'] === 'CodeBuild Build State Change');
    const keys = (value: object) => Object.keys(value).sort();
    const information = states.at(-1)?.detail['additional-information'] as Record<string, object>;

    expect(states.map(({ detail }) => detail['build-status'])).toEqual(['IN_PROGRESS', 'SUCCEEDED']);
    expect(states.at(-1)).toMatchObject({ source: 'aws.codebuild', resources: [built.arn] });
    expect(keys(states.at(-1)?.detail ?? {})).toEqual(keys(sample.detail));
    expect(keys(information)).toEqual(keys(sample.detail['additional-information']));
    expect(information['build-start-time']).toMatch(
      /^[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d [AP]M$/,
    );
    expect(events.filter((event) => event['detail-type'] === 'CodeBuild Build Phase Change')).toHaveLength(
      10,
    );
  });

  it('built a second time takes the image that is there', async () => {
    const pushed = stage.images.registry.find('webapp').images.size;

    const again = await stage.build('build-webapp', { sourceVersion: commit });

    expect(again).toMatchObject({ buildStatus: 'SUCCEEDED', buildNumber: 2 });
    expect(again.exportedEnvironmentVariables).toEqual([
      { name: 'COMMIT', value: commit },
      { name: 'BRANCH', value: '' },
      ...(built.exportedEnvironmentVariables ?? []).slice(2),
    ]);
    expect(stage.lines).toContain(`${repositoryUri}:${commit} has been built before`);
    expect(stage.images.registry.find('webapp').images.size).toBe(pushed);
  });

  it('that does not build fails in BUILD, publishes nothing and says why', async () => {
    writeFileSync(join(copy, 'Dockerfile'), 'FROM node:24\nRUN echo broken >&2 && exit 3\n');
    await git(copy, 'commit', '--quiet', '--all', '--message=Break');
    const { path } = await stage.host.repository('webapp');
    const ended = stage.nextBuild();

    await git(copy, 'push', '--quiet', path, 'main');
    const build = await ended;

    expect(build.buildStatus).toBe('FAILED');
    expect(phase(build, 'BUILD')?.contexts?.[0]).toMatchObject({
      statusCode: 'COMMAND_EXECUTION_ERROR',
      message: expect.stringMatching(
        /^Error while executing command: set -eu[\s\S]*\. Reason: exit status 1$/,
      ),
    });
    expect(outcomes(build)).not.toHaveProperty('POST_BUILD');
    expect(stage.lines.join('\n')).toContain('did not complete successfully: exit code: 3');
    expect(build.artifacts?.location).toBeUndefined();
  });

  it('to another branch, or that deletes one, builds nothing', async () => {
    const { path } = await stage.host.repository('webapp');
    const count = async () => (await stage.call('codebuild', 'ListBuilds', {})).ids.length;
    const before = await count();

    await git(copy, 'push', '--quiet', path, 'main:topic');
    await git(copy, 'push', '--quiet', path, '--delete', 'topic');

    expect(await count()).toBe(before);
  });

  it('is not pushed to ECR by a role that may not', async () => {
    const serviceRole = await stage.createRole('reader', [
      { Action: ['logs:*', 'ecr:GetAuthorizationToken'], Resource: '*' },
    ]);
    await stage.createProject('denied', {
      serviceRole,
      buildspec: buildspec({
        build: {
          commands: [
            'docker build -t "$R:x" . && aws ecr get-login-password | docker login -u AWS --password-stdin "$(dirname $R)" && docker push "$R:x"',
          ],
        },
      }),
    });

    const build = await stage.build('denied', {
      sourceVersion: commit,
      environmentVariablesOverride: [{ name: 'R', value: repositoryUri }],
    });

    expect(build.buildStatus).toBe('FAILED');
    expect(stage.lines.join('\n')).toMatch(
      /denied: User: .*assumed-role\/reader\/AWSCodeBuild-\S+ is not authorized to perform: ecr:BatchCheckLayerAvailability/,
    );
  });
});

describe('a build', () => {
  beforeAll(async () => {
    const { path } = await stage.host.repository('tiny');
    const copy = await stage.workingCopy({ 'out/a.txt': 'a', 'out/sub/b.txt': 'b' });
    await git(copy, 'push', '--quiet', path, 'main');
  });

  const tiny = { type: 'GITHUB' as const, location: 'https://github.com/acme/tiny' };

  async function build(name: string, content: string, more: object = {}, input: object = {}): Promise<Build> {
    await stage.createProject(name, { source: { ...tiny, buildspec: content }, ...more });
    return await stage.build(name, input);
  }

  it('keeps variables and the folder from command to command, and knows nothing of this process', async () => {
    process.env.HOST_SECRET = 'not for builds';
    const content = buildspec(
      {
        install: { commands: ['PLAIN="it\'s plain"', 'mkdir -p deep && cd deep', '(exit 0); set -e; true'] },
        build: {
          commands: [
            'export SEEN="$(basename "$PWD")|$PLAIN|$FROM_PROJECT|$FROM_SPEC|$HOST_SECRET|$CODEBUILD_BUILD_NUMBER"',
          ],
        },
      },
      'env:\n  variables: {FROM_SPEC: spec, FROM_PROJECT: spec}\n  exported-variables: [SEEN]\n',
    );

    const { exportedEnvironmentVariables, buildStatus } = await build(
      'variables',
      content,
      {},
      {
        environmentVariablesOverride: [{ name: 'FROM_PROJECT', value: 'override' }],
      },
    );
    delete process.env.HOST_SECRET;

    expect(buildStatus).toBe('SUCCEEDED');
    expect(exportedEnvironmentVariables).toEqual([
      { name: 'SEEN', value: "deep|it's plain|override|spec||1" },
    ]);
  });

  it('goes on to post_build after a failed build, and always runs finally', async () => {
    const content = buildspec({
      build: { commands: ['echo one', 'false', 'echo never'], finally: ['echo finally'] },
      post_build: { commands: ['echo "succeeding: $CODEBUILD_BUILD_SUCCEEDING"'] },
    });
    const from = stage.lines.length;

    const failed = await build('after-failure', content);

    expect(outcomes(failed)).toMatchObject({ BUILD: 'FAILED', POST_BUILD: 'SUCCEEDED' });
    expect(failed.buildStatus).toBe('FAILED');
    const printed = stage.lines.slice(from).filter((line) => !line.startsWith('[Container]'));
    expect(printed).toEqual(['one', 'finally', 'succeeding: 0']);
  });

  it('ends after a failed pre_build, unless that says on-failure: CONTINUE', async () => {
    const commands = { commands: ['exit 7'] };

    const aborted = await build('abort', buildspec({ pre_build: commands, build: { commands: ['true'] } }));
    const continued = await build(
      'continue',
      buildspec({ pre_build: { ...commands, 'on-failure': 'CONTINUE' } }),
    );

    expect(phase(aborted, 'PRE_BUILD')?.contexts).toEqual([
      {
        statusCode: 'COMMAND_EXECUTION_ERROR',
        message: 'Error while executing command: exit 7. Reason: exit status 7',
      },
    ]);
    expect(outcomes(aborted)).not.toHaveProperty('BUILD');
    expect(outcomes(continued)).toMatchObject({ BUILD: 'SUCCEEDED', FINALIZING: 'SUCCEEDED' });
  });

  it('fails to download what is not there', async () => {
    const content = buildspec({ build: { commands: ['true'] } });

    const noRef = await build('no-ref', content, {}, { sourceVersion: 'missing' });
    const source = { type: 'GITHUB', location: 'https://github.com/acme/missing.git', buildspec: content };
    const noRepository = await build('no-repository', content, { source });
    const noBuildspec = await build('no-buildspec', '', { source: tiny });
    const badBuildspec = await build('bad-buildspec', 'version: 0.1\nphases: {}\n');

    const context = (failed: Build) => phase(failed, 'DOWNLOAD_SOURCE')?.contexts?.[0];
    expect(context(noRef)).toEqual({
      statusCode: 'CLIENT_ERROR',
      message: 'reference not found for primary source and source version missing',
    });
    expect(context(noRepository)?.message).toContain('https://github.com/acme/missing.git');
    expect(context(noBuildspec)).toMatchObject({
      statusCode: 'YAML_FILE_ERROR',
      message: expect.stringMatching(/no such file/),
    });
    expect(context(badBuildspec)).toMatchObject({
      statusCode: 'YAML_FILE_ERROR',
      message: expect.stringMatching(/version/),
    });
  });

  it('uploads one ZIP with its checksums, or says that there was nothing to upload', async () => {
    const artifacts = {
      type: 'S3',
      location: 'releases',
      path: 'zips',
      name: 'out.zip',
      namespaceType: 'BUILD_ID',
      packaging: 'ZIP',
    };
    const files = (pattern: string) =>
      buildspec({}, `artifacts: {base-directory: out, files: ['${pattern}']}\n`);

    const zipped = await build('zip', files('**/*'), { artifacts });
    const nothing = await build('nothing', files('*.md'), { artifacts });

    const key = `zips/${zipped.id?.split(':')[1]}/out.zip`;
    expect(zipped.artifacts).toMatchObject({
      location: `arn:aws:s3:::releases/${key}`,
      sha256sum: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Buffer.from((await stage.s3.get('releases', key)) ?? '').toString('latin1')).toContain(
      'sub/b.txt',
    );
    expect(phase(nothing, 'UPLOAD_ARTIFACTS')?.contexts?.[0]?.message).toBe(
      'no matching artifact paths found',
    );
  });

  it('reads parameters and secrets as its role, and never shows them', async () => {
    await stage.call('ssm', 'PutParameter', {
      Name: '/allowed/token',
      Value: 'tok-123',
      Type: 'SecureString',
    });
    await stage.call('secretsmanager', 'CreateSecret', {
      Name: 'db',
      SecretString: '{"password":"pass-456"}',
    });
    const env =
      'env:\n  parameter-store: {TOKEN: /allowed/token}\n  secrets-manager: {PASSWORD: "db:password"}\n  exported-variables: [LENGTHS]\n';
    const commands = [
      'echo "seen: $TOKEN $PASSWORD"',
      'LENGTHS="$(printf %s "$TOKEN$PASSWORD" | wc -c | tr -d " ")"',
    ];

    const built = await build('secretive', buildspec({ build: { commands } }, env));
    const refused = await build('refused', buildspec({}, 'env: {parameter-store: {TOKEN: /other/token}}\n'));

    expect(built.exportedEnvironmentVariables).toEqual([{ name: 'LENGTHS', value: '15' }]);
    expect(stage.lines).toContain('seen: *** ***');
    expect(stage.lines.join('\n')).not.toMatch(/tok-123|pass-456/);
    expect(phase(refused, 'DOWNLOAD_SOURCE')?.contexts?.[0]).toMatchObject({
      statusCode: 'Decrypted Variables Error',
      message: expect.stringMatching(/^\/other\/token: .*ssm:GetParameters/),
    });
  });

  it('has an aws command that copies files and knows who it is, and says what it does not know', async () => {
    const commands = [
      'aws s3 cp out/a.txt s3://releases/copied/ && aws s3 cp s3://releases/copied/a.txt back.txt && cat back.txt',
      'aws sts get-caller-identity --query Arn --output text',
      'aws ecr describe-images --repository-name none || echo "status $?"',
      'aws ec2 describe-instances || echo "status $?"',
    ];
    const from = stage.lines.length;

    const { buildStatus } = await build('aws', buildspec({ build: { commands } }));

    const printed = stage.lines
      .slice(from)
      .filter((line) => !line.startsWith('[Container]') && line.trim() !== '');
    expect(buildStatus).toBe('SUCCEEDED');
    expect(printed).toEqual([
      'upload: out/a.txt to s3://releases/copied/a.txt',
      'download: s3://releases/copied/a.txt to back.txt',
      'a',
      expect.stringMatching(/^arn:aws:sts::111122223333:assumed-role\/aws-role\/AWSCodeBuild-/),
      expect.stringMatching(/^An error occurred \(\w+\) when calling the DescribeImages operation: /),
      'status 254',
      "'aws ec2 describe-instances' is not supported by the sandbox's aws command",
      'status 252',
    ]);
  });

  it('that is stopped ends with everything it has started', async () => {
    // The build is complete when nobody holds its output any more, the sleepers included.
    const running = stage.onceLogged('running');
    const ended = stage.nextBuild();
    await stage.createProject('long', {
      source: {
        ...tiny,
        buildspec: buildspec({
          build: { commands: ['sleep 600 & echo running; sleep 601'] },
          post_build: { commands: ['true'] },
        }),
      },
    });
    const { build: started } = await stage.call('codebuild', 'StartBuild', { projectName: 'long' });
    await running;

    await stage.call('codebuild', 'StopBuild', { id: started.id });
    const stopped = await ended;

    expect(stopped).toMatchObject({ id: started.id, buildStatus: 'STOPPED', buildComplete: true });
    expect(outcomes(stopped)).toMatchObject({ BUILD: 'STOPPED' });
    expect(outcomes(stopped)).not.toHaveProperty('POST_BUILD');
  });

  it('is started once for one idempotency token, and not beyond the limit of its project', async () => {
    await stage.createProject('limited', {
      source: { ...tiny, buildspec: buildspec({}) },
      concurrentBuildLimit: 1,
    });
    const ended = stage.nextBuild();
    const start = (more: object) =>
      stage.call('codebuild', 'StartBuild', { projectName: 'limited', ...more });

    const first = await start({ idempotencyToken: 'token' });
    const second = await start({ idempotencyToken: 'token' });

    expect(second.build.id).toBe(first.build.id);
    await expect(start({ idempotencyToken: 'token', sourceVersion: 'main' })).rejects.toMatchObject({
      code: 'InvalidInputException',
    });
    await expect(start({})).rejects.toMatchObject({ code: 'AccountLimitExceededException' });
    await ended;
  });

  it('cannot begin with a role that CodeBuild may not assume', async () => {
    const serviceRole = 'arn:aws:iam::111122223333:role/missing';

    const denied = await build('no-role', buildspec({}), { serviceRole });

    expect(phase(denied, 'PROVISIONING')?.contexts?.[0]).toMatchObject({ statusCode: 'ACCESS_DENIED' });
    expect(outcomes(denied)).not.toHaveProperty('DOWNLOAD_SOURCE');
  });
});

describe('a webhook', () => {
  const push = {
    repository: 'webapp',
    ref: 'refs/heads/main',
    before: '1',
    after: '2',
    actor: 'ann@example.com',
    files: ['src/a.js'],
    message: 'Fix it',
  };
  const event = { type: 'EVENT' as const, pattern: 'PULL_REQUEST_MERGED, PUSH' };

  it.each([
    [[], true],
    [[[event]], true],
    [[[{ ...event, pattern: 'PULL_REQUEST_CREATED' }]], false],
    [[[event, { type: 'HEAD_REF' as const, pattern: '^refs/heads/main$' }]], true],
    [[[event, { type: 'HEAD_REF' as const, pattern: '^refs/heads/release$' }]], false],
    [
      [
        [event, { type: 'HEAD_REF' as const, pattern: 'release' }],
        [event, { type: 'FILE_PATH' as const, pattern: '^src/' }],
      ],
      true,
    ],
    [[[event, { type: 'FILE_PATH' as const, pattern: '^src/', excludeMatchedPattern: true }]], false],
    [[[event, { type: 'ACTOR_ACCOUNT_ID' as const, pattern: 'bob', excludeMatchedPattern: true }]], true],
    [[[event, { type: 'COMMIT_MESSAGE' as const, pattern: 'skip ci', excludeMatchedPattern: true }]], true],
  ])('with the filter groups %j lets a push to main pass: %s', (filterGroups, expected) => {
    expect(passes({ filterGroups }, push)).toBe(expected);
  });

  it('needs an event in each group, and patterns that are regular expressions', async () => {
    await stage.createProject('hooked', { buildspec: buildspec({}) });
    const create = (filterGroups: object[][]) =>
      stage.call('codebuild', 'CreateWebhook', { projectName: 'hooked', filterGroups });

    await expect(create([[{ type: 'HEAD_REF', pattern: 'main' }]])).rejects.toMatchObject({
      code: 'InvalidInputException',
    });
    await expect(create([[event, { type: 'HEAD_REF', pattern: '(' }]])).rejects.toMatchObject({
      code: 'InvalidInputException',
    });
  });
});
