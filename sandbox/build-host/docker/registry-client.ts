import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { isValidPassword } from '#sandbox/ecr/authorization-token.ts';
import type { ImageReference } from '#sandbox/ecr/references.ts';
import { DockerError } from './errors.ts';
import { loginStore } from './login-store.ts';

/**
 * One repository of ECR. The registry behind `docker push` carries out the ECR API's own layer operations
 * and asks IAM for their permissions; so they are what is called here, with the build's credentials.
 */
export function registryClient(
  reference: ImageReference,
  directory: string,
  environment: Record<string, string | undefined>,
) {
  const { registry, repository: repositoryName } = reference;
  const password = loginStore(environment).password(registry);
  if (password === undefined || !isValidPassword(directory, registry, password, Date.now())) {
    throw new DockerError(
      password === undefined
        ? 'no basic auth credentials'
        : 'denied: Your authorization token has expired. Reauthenticate and try again.',
    );
  }
  const client = new ECRClient({ region: registry.split('.')[3] });
  return {
    async upload(blob: string, digest: string): Promise<'uploaded' | 'already there'> {
      const { layers } = await client.send(
        new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests: [digest] }),
      );
      if (layers?.[0]?.layerAvailability === 'AVAILABLE') return 'already there';
      const layerPartBlob = Buffer.from(blob);
      const { uploadId, partSize = 0 } = await client.send(
        new InitiateLayerUploadCommand({ repositoryName }),
      );
      for (let first = 0; first < layerPartBlob.length; first += partSize) {
        const part = layerPartBlob.subarray(first, first + partSize);
        const partLastByte = first + part.length - 1;
        await client.send(
          new UploadLayerPartCommand({
            repositoryName,
            uploadId,
            partFirstByte: first,
            partLastByte,
            layerPartBlob: part,
          }),
        );
      }
      await client.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }));
      return 'uploaded';
    },
    putImage: (imageManifest: string, imageTag: string) =>
      client.send(new PutImageCommand({ repositoryName, imageManifest, imageTag })),
    async manifest(): Promise<string | undefined> {
      const { tag = 'latest', digest } = reference;
      const imageIds = [digest ? { imageDigest: digest } : { imageTag: tag }];
      const { images } = await client.send(new BatchGetImageCommand({ repositoryName, imageIds }));
      return images?.[0]?.imageManifest;
    },
  };
}

/** What the registry's answer is in docker's words. */
export function asDockerError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DockerError) return error;
  if (error.name === 'RepositoryNotFoundException') return new DockerError(`name unknown: ${error.message}`);
  if (error.name === 'ImageTagAlreadyExistsException')
    return new DockerError(`tag invalid: ${error.message}`);
  if (error.name === 'AccessDeniedException') return new DockerError(`denied: ${error.message}`);
  return new DockerError(`unknown: ${error.name}: ${error.message}`);
}
