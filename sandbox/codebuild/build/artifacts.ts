import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, join, posix, sep } from 'node:path';
import type { ProjectArtifacts } from '@aws-sdk/client-codebuild';
import { zipSync } from 'fflate';
import type { Buildspec } from '../buildspec.ts';
import type { CodeBuildNeeds } from '../needs.ts';
import { PhaseError } from './phase-error.ts';

export interface UploadedArtifacts {
  location: string;
  md5sum?: string;
  sha256sum?: string;
}

export interface ArtifactsRequest {
  needs: CodeBuildNeeds;
  project: ProjectArtifacts;
  artifacts: NonNullable<Buildspec['artifacts']>;
  /** The name that the buildspec gives, already evaluated by the shell. */
  buildspecName: string | undefined;
  buildUuid: string;
  sourceFolder: string;
  role: string;
  log: (line: string) => void;
}

/** UPLOAD_ARTIFACTS: the files that the buildspec names, to S3 as they are or as one ZIP. */
export async function uploadArtifacts(request: ArtifactsRequest): Promise<UploadedArtifacts> {
  const { project, sourceFolder, artifacts } = request;
  const base = join(sourceFolder, artifacts['base-directory']);
  if (!existsSync(base)) {
    throw new PhaseError(
      'CLIENT_ERROR',
      `no matching base directory path found for ${artifacts['base-directory']}`,
    );
  }
  const files = collect(base, artifacts);
  request.log(`Found ${files.length} file(s)`);
  if (files.length === 0) throw new PhaseError('CLIENT_ERROR', 'no matching artifact paths found');
  const key = artifactKey(request);
  const discard = artifacts['discard-paths'] === true || artifacts['discard-paths'] === 'yes';
  const contents = files.map((file): [string, Buffer] => [
    discard ? basename(file) : file,
    readFileSync(join(base, file)),
  ]);
  const location = `arn:aws:s3:::${posix.join(project.location ?? '', key)}`;
  if (project.packaging === 'ZIP') {
    const archive = Buffer.from(zipSync(Object.fromEntries(contents)));
    await put(request, key, archive);
    const digest = (algorithm: string) => createHash(algorithm).update(archive).digest('hex');
    return { location, md5sum: digest('md5'), sha256sum: digest('sha256') };
  }
  for (const [file, content] of contents) await put(request, posix.join(key, file), content);
  return { location };
}

function collect(base: string, artifacts: NonNullable<Buildspec['artifacts']>): string[] {
  const found = artifacts.files.flatMap((pattern) =>
    globSync(pattern, { cwd: base, exclude: artifacts['exclude-paths'] }),
  );
  const files = found
    .filter((file) => statSync(join(base, file)).isFile())
    .map((file) => file.split(sep).join('/'));
  return [...new Set(files)].sort();
}

/** PATH/NAMESPACE/NAME, "Project artifacts" in the API reference; a name of "/" adds nothing. */
function artifactKey({ project, buildspecName, buildUuid }: ArtifactsRequest): string {
  const name = project.overrideArtifactName ? buildspecName : undefined;
  const parts = [project.path, project.namespaceType === 'BUILD_ID' ? buildUuid : '', name ?? project.name];
  return parts
    .join('/')
    .replace(/\/+/g, '/')
    .replace(/^\/|\/$/g, '');
}

async function put({ needs, project, role }: ArtifactsRequest, Key: string, Body: Buffer): Promise<void> {
  const resources = [`arn:aws:s3:::${project.location}/${Key}`];
  needs.iam.authorizeRole(role, [{ action: 's3:PutObject', resources }]);
  const encryption = project.encryptionDisabled ? {} : { ServerSideEncryption: 'aws:kms' };
  await needs.calls.call('s3', 'PutObject', { Bucket: project.location, Key, Body, ...encryption });
}
