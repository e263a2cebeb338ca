import type { ImageTagMutability, Tag } from '@aws-sdk/client-ecr';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

export interface StoredImage {
  digest: string;
  manifest: string;
  mediaType: string;
  pushedAt: Date;
  sizeInBytes: number;
}

export interface Repository {
  name: string;
  arn: string;
  uri: string;
  createdAt: Date;
  tagMutability: ImageTagMutability;
  scanOnPush: boolean;
  images: Map<string, StoredImage>;
  /** tag → digest */
  tags: Map<string, string>;
  /** Digests of the layers and configurations that were uploaded to this repository, with their sizes. */
  blobs: Map<string, number>;
  uploads: Map<string, Buffer[]>;
  policies: { repository?: string; lifecycle?: string };
  resourceTags: Tag[];
}

/** The account's registry: all repositories of this sandbox. */
export interface Registry {
  context: SandboxContext;
  host: string;
  repositories: Map<string, Repository>;
  /** Throws RepositoryNotFoundException. */
  find(name: string | undefined): Repository;
  create(name: string, tagMutability?: ImageTagMutability): Repository;
}

export function createRegistry(context: SandboxContext): Registry {
  const repositories = new Map<string, Repository>();
  const host = `${context.accountId}.dkr.ecr.${context.region}.amazonaws.com`;
  return {
    context,
    host,
    repositories,
    find(name = '') {
      const repository = repositories.get(name);
      if (repository) return repository;
      throw new AwsError(
        'RepositoryNotFoundException',
        `The repository with name '${name}' does not exist in the registry with id '${context.accountId}'`,
      );
    },
    create(name, tagMutability = 'MUTABLE') {
      const repository: Repository = {
        name,
        arn: arn(context, 'ecr', `repository/${name}`),
        uri: `${host}/${name}`,
        createdAt: new Date(context.clock.now()),
        tagMutability,
        scanOnPush: false,
        images: new Map(),
        tags: new Map(),
        blobs: new Map(),
        uploads: new Map(),
        policies: {},
        resourceTags: [],
      };
      repositories.set(name, repository);
      return repository;
    },
  };
}
