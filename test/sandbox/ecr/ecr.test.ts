import { chmodSync, cpSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createEcr } from '#sandbox/ecr/ecr.ts';
import { createImages } from '#sandbox/ecr/images.ts';
import { writeManifest } from '#sandbox/ecr/manifest.ts';
import { parseReference } from '#sandbox/ecr/references.ts';
import { readLayer, sha256 } from '#sandbox/ecr/tree.ts';
import { administrator } from '../support/bare-context.ts';
import { testContext } from '../support/sandbox-context.ts';

const { context, remove } = testContext();
afterAll(remove);

const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const config = { Env: ['PATH=/bin', 'NODE_VERSION=24.0.0'], WorkingDir: '/app', Cmd: ['node', 'server.js'] };

function stage() {
  const images = createImages(context);
  const { definition } = createEcr(context, { images });
  // biome-ignore lint/suspicious/noExplicitAny: the answers of twenty operations
  const call = async (operation: string, input: object): Promise<any> =>
    definition.operations[operation]?.(input, administrator);
  return { images, definition, call };
}

function tree(content = 'console.log(1)'): string {
  const folder = mkdtempSync(join(context.directory, 'tree-'));
  mkdirSync(join(folder, 'app/empty'), { recursive: true });
  writeFileSync(join(folder, 'app/server.js'), content);
  return folder;
}

describe('an image', () => {
  it('has the same digest for the same files, whenever and wherever they were written', () => {
    const { images } = stage();
    const folder = tree();
    const copy = mkdtempSync(join(context.directory, 'copy-'));
    cpSync(folder, copy, { recursive: true });
    utimesSync(join(copy, 'app/server.js'), 1, 1);

    const first = images.add(`${HOST}/webapp:one`, folder, config);
    const second = images.add(`${HOST}/webapp:two`, copy, config);

    expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(second).toEqual(first);
  });

  it('has another digest when a content, a mode or a setting is another', () => {
    const { images } = stage();
    const executable = tree();
    chmodSync(join(executable, 'app/server.js'), 0o755);
    const variants = [
      images.add(`${HOST}/webapp:a`, tree(), config),
      images.add(`${HOST}/webapp:b`, tree('console.log(2)'), config),
      images.add(`${HOST}/webapp:c`, executable, config),
      images.add(`${HOST}/webapp:d`, tree(), { ...config, Cmd: ['node', 'other.js'] }),
    ];

    expect(new Set(variants.map(({ digest }) => digest)).size).toBe(4);
  });

  it('is pulled by tag and by digest, with this machine’s Node before its PATH', () => {
    const { images } = stage();
    const { digest } = images.add(`${HOST}/webapp:one`, tree(), config);

    const byTag = images.pull(`${HOST}/webapp:one`);

    expect(images.pull(`${HOST}/webapp@${digest}`)).toEqual(byTag);
    expect(byTag.config).toMatchObject({
      workingDirectory: '/app',
      command: ['node', 'server.js'],
      entrypoint: [],
      stopSignal: 'SIGTERM',
      environment: { PATH: expect.stringMatching(/toolchain:\/bin$/) },
    });
  });

  it('that nobody has pushed cannot be pulled, in the words of ECS', () => {
    const { images } = stage();
    images.add(`${HOST}/webapp:one`, tree(), config);
    const message = (reference: string) =>
      `pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: ${reference}: not found`;

    const pull = (reference: string) => () => images.pull(reference);

    expect(pull(`${HOST}/webapp:two`)).toThrow(message(`${HOST}/webapp:two`));
    expect(pull('pacuna/webapp:LAST_COMMIT')).toThrow(message('docker.io/pacuna/webapp:LAST_COMMIT'));
    expect(pull('Bad Reference')).toThrow(expect.objectContaining({ code: 'CannotPullContainerError' }));
    expect(images.pull('public.ecr.aws/docker/library/node:24-slim').config.command).toEqual(['node']);
  });

  it('is named as docker reads names', () => {
    expect(parseReference('node')).toMatchObject({ registry: 'docker.io', repository: 'library/node' });
    expect(parseReference('localhost:5000/a/b:1')).toMatchObject({
      registry: 'localhost:5000',
      repository: 'a/b',
      tag: '1',
    });
    expect(parseReference('pacuna/webapp:1')).toMatchObject({
      registry: 'docker.io',
      repository: 'pacuna/webapp',
    });
    expect(parseReference('a b')).toBeUndefined();
  });
});

describe('ECR', () => {
  const uploads = async (call: ReturnType<typeof stage>['call'], blob: string) => {
    const { uploadId } = await call('InitiateLayerUpload', { repositoryName: 'webapp' });
    const layerPartBlob = Buffer.from(blob);
    const bytes = { partFirstByte: 0, partLastByte: layerPartBlob.length - 1, layerPartBlob };
    await call('UploadLayerPart', { repositoryName: 'webapp', uploadId, ...bytes });
    return call('CompleteLayerUpload', { repositoryName: 'webapp', uploadId, layerDigests: [sha256(blob)] });
  };

  it('takes a manifest only when its layers have been uploaded, and an immutable tag only once', async () => {
    const { call } = stage();
    await call('CreateRepository', { repositoryName: 'webapp', imageTagMutability: 'IMMUTABLE' });
    const layer = readLayer(tree());
    const { manifestText, configText, digest } = writeManifest(config, layer);
    const other = writeManifest({ ...config, User: 'node' }, layer);
    const put = (imageManifest: string, imageTag = 'v1') =>
      call('PutImage', { repositoryName: 'webapp', imageManifest, imageTag });

    await expect(put(manifestText)).rejects.toMatchObject({ code: 'LayersNotFoundException' });
    for (const blob of [layer.listing, configText, other.configText]) await uploads(call, blob);
    const { image } = await put(manifestText);

    expect(image.imageId).toEqual({ imageDigest: digest, imageTag: 'v1' });
    await expect(put(manifestText)).rejects.toMatchObject({ code: 'ImageAlreadyExistsException' });
    await expect(put(other.manifestText)).rejects.toMatchObject({
      code: 'ImageTagAlreadyExistsException',
      message:
        "The image tag 'v1' already exists in the 'webapp' repository and cannot be overwritten because the tag is immutable.",
    });
    await put(manifestText, 'v2');
    const { imageDetails } = await call('DescribeImages', {
      repositoryName: 'webapp',
      imageIds: [{ imageTag: 'v2' }],
    });
    expect(imageDetails).toMatchObject([{ imageDigest: digest, imageTags: ['v1', 'v2'] }]);
  });

  it('says which image or repository it does not have', async () => {
    const { call, images } = stage();
    images.add(`${HOST}/webapp:one`, tree(), config);

    const describe = (repositoryName: string, imageTag: string) =>
      call('DescribeImages', { repositoryName, imageIds: [{ imageTag }] });

    await expect(describe('webapp', 'two')).rejects.toMatchObject({
      code: 'ImageNotFoundException',
      message:
        "The image with imageId {imageDigest:'null', imageTag:'two'} does not exist within the repository with name 'webapp' in the registry with id '111122223333'",
    });
    await expect(describe('missing', 'one')).rejects.toMatchObject({
      code: 'RepositoryNotFoundException',
      message: "The repository with name 'missing' does not exist in the registry with id '111122223333'",
    });
    await expect(call('DeleteRepository', { repositoryName: 'webapp' })).rejects.toMatchObject({
      code: 'RepositoryNotEmptyException',
    });
  });

  it('takes the last tag off an image together with the image', async () => {
    const { call, images } = stage();
    const { digest } = images.add(`${HOST}/webapp:one`, tree(), config);
    images.add(`${HOST}/webapp:two`, tree(), config);
    const remove = (imageTag: string) =>
      call('BatchDeleteImage', { repositoryName: 'webapp', imageIds: [{ imageTag }] });
    const list = async () => (await call('ListImages', { repositoryName: 'webapp' })).imageIds;

    await remove('one');
    expect(await list()).toEqual([{ imageDigest: digest, imageTag: 'two' }]);
    await remove('two');
    expect(await list()).toEqual([]);
    expect((await remove('two')).failures).toMatchObject([{ failureCode: 'ImageNotFound' }]);
  });

  it('asks IAM about the repository, and about everything for a token', () => {
    const { authorize } = stage().definition;

    expect(authorize?.('PutImage', { repositoryName: 'webapp' })).toEqual([
      { action: 'ecr:PutImage', resources: ['arn:aws:ecr:eu-west-1:111122223333:repository/webapp'] },
    ]);
    expect(authorize?.('GetAuthorizationToken', {})).toEqual([
      { action: 'ecr:GetAuthorizationToken', resources: ['*'] },
    ]);
  });
});
