import type {
  BatchCheckLayerAvailabilityRequest,
  BatchCheckLayerAvailabilityResponse,
  CompleteLayerUploadRequest,
  CompleteLayerUploadResponse,
  InitiateLayerUploadRequest,
  InitiateLayerUploadResponse,
  UploadLayerPartRequest,
  UploadLayerPartResponse,
} from '@aws-sdk/client-ecr';
import { AwsError } from '#sandbox/core/errors.ts';
import { writeBlob } from '../blobs.ts';
import type { Registry } from '../registry.ts';
import { sha256 } from '../tree.ts';

/** The four operations of one upload; docker push makes them in this order for each blob of an image. */
export function batchCheckLayerAvailability(registry: Registry) {
  return (input: BatchCheckLayerAvailabilityRequest): BatchCheckLayerAvailabilityResponse => {
    const { blobs } = registry.find(input.repositoryName);
    const layers = (input.layerDigests ?? []).map((layerDigest) => ({
      layerDigest,
      layerAvailability: blobs.has(layerDigest) ? ('AVAILABLE' as const) : ('UNAVAILABLE' as const),
      layerSize: blobs.get(layerDigest),
    }));
    return { layers, failures: [] };
  };
}

export function initiateLayerUpload(registry: Registry) {
  return (input: InitiateLayerUploadRequest): InitiateLayerUploadResponse => {
    const uploadId = registry.context.random.uuid();
    registry.find(input.repositoryName).uploads.set(uploadId, []);
    return { uploadId, partSize: 20_971_520 };
  };
}

export function uploadLayerPart(registry: Registry) {
  return (input: UploadLayerPartRequest): UploadLayerPartResponse => {
    const parts = findUpload(registry, input);
    const received = parts.reduce((sum, part) => sum + part.length, 0);
    const blob = Buffer.from(input.layerPartBlob ?? []);
    if (input.partFirstByte !== received || input.partLastByte !== received + blob.length - 1) {
      throw new AwsError(
        'InvalidLayerPartException',
        `The layer part with first byte '${input.partFirstByte}' does not follow the last byte received, '${received - 1}'`,
        { fields: { lastValidByteReceived: received - 1, uploadId: input.uploadId } },
      );
    }
    parts.push(blob);
    return {
      registryId: registry.context.accountId,
      repositoryName: input.repositoryName,
      uploadId: input.uploadId,
      lastByteReceived: input.partLastByte,
    };
  };
}

export function completeLayerUpload(registry: Registry) {
  return (input: CompleteLayerUploadRequest): CompleteLayerUploadResponse => {
    const repository = registry.find(input.repositoryName);
    const content = Buffer.concat(findUpload(registry, input));
    const layerDigest = sha256(content);
    if (!input.layerDigests?.includes(layerDigest)) {
      throw new AwsError(
        'InvalidLayerException',
        `The layer's digest '${layerDigest}' does not match '${input.layerDigests}'`,
      );
    }
    repository.uploads.delete(input.uploadId ?? '');
    writeBlob(registry.context.directory, content);
    repository.blobs.set(layerDigest, content.length);
    return {
      registryId: registry.context.accountId,
      repositoryName: repository.name,
      uploadId: input.uploadId,
      layerDigest,
    };
  };
}

function findUpload(registry: Registry, input: { repositoryName?: string; uploadId?: string }): Buffer[] {
  const upload = registry.find(input.repositoryName).uploads.get(input.uploadId ?? '');
  if (upload) return upload;
  throw new AwsError(
    'UploadNotFoundException',
    `The upload with id '${input.uploadId}' does not exist in the repository with name '${input.repositoryName}' in the registry with id '${registry.context.accountId}'`,
  );
}
