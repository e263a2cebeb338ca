import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { noSuchBucket } from './errors.ts';

/** One version of an object; its bytes are in a file of their own. */
export interface ObjectVersion {
  versionId: string;
  /** Marks the object as deleted; has no bytes. */
  deleteMarker?: true;
  file: string;
  size: number;
  etag: string;
  lastModified: Date;
  contentType: string;
  /** Further headers to give back: Cache-Control, Content-Disposition, … by the SDK's member name. */
  headers: Record<string, string>;
  metadata: Record<string, string>;
  /** Checksums that came with the object and were right, by the SDK's member name. */
  checksums: Record<string, string>;
}

export interface Bucket {
  name: string;
  createdAt: Date;
  versioning?: 'Enabled' | 'Suspended';
  /** By key, the newest version last. Without versioning there is only one. */
  objects: Map<string, ObjectVersion[]>;
  /** Bucket settings that are kept and shown: encryption, lifecycle, policy, … by name. */
  settings: Map<string, unknown>;
}

/** Buckets in memory, objects' bytes on disk. */
export interface Store {
  buckets: Map<string, Bucket>;
  bucket(name: string | undefined): Bucket;
  /** Writes bytes to a file of their own, which no one sees until a version names it. */
  writeBytes(body: Uint8Array): Promise<string>;
  readBytes(version: ObjectVersion): Promise<Uint8Array>;
  /** Makes a version the current one and forgets the one it replaces, unless versions are kept. */
  add(bucket: Bucket, key: string, version: ObjectVersion): void;
  forget(bucket: Bucket, key: string, version: ObjectVersion): void;
}

export function createStore(context: SandboxContext): Store {
  const directory = join(context.directory, 's3');
  const buckets = new Map<string, Bucket>();

  const store: Store = {
    buckets,
    bucket(name = '') {
      const bucket = buckets.get(name);
      if (!bucket) throw noSuchBucket(name);
      return bucket;
    },
    async writeBytes(body) {
      await mkdir(directory, { recursive: true });
      const file = join(directory, context.random.hex(32));
      await writeFile(file, body);
      return file;
    },
    readBytes: ({ file }) => readFile(file),
    add(bucket, key, version) {
      const versions = bucket.objects.get(key) ?? [];
      bucket.objects.set(key, versions);
      // Without versioning, and while it is suspended, the version "null" is overwritten.
      const replaced = versions.find(({ versionId }) => versionId === version.versionId);
      if (replaced) store.forget(bucket, key, replaced);
      bucket.objects.set(key, [...(bucket.objects.get(key) ?? []), version]);
    },
    forget(bucket, key, version) {
      const left = (bucket.objects.get(key) ?? []).filter((candidate) => candidate !== version);
      if (left.length === 0) bucket.objects.delete(key);
      else bucket.objects.set(key, left);
      if (version.file !== '')
        rm(version.file, { force: true }).catch((error) => context.debug(`s3: ${error}`));
    },
  };
  return store;
}

/** The version that a request without a version id sees; undefined where there is none or it is deleted. */
export function currentVersion(bucket: Bucket, key: string): ObjectVersion | undefined {
  const latest = bucket.objects.get(key)?.at(-1);
  return latest?.deleteMarker ? undefined : latest;
}

export function newVersionId(context: SandboxContext, bucket: Bucket): string {
  return bucket.versioning === 'Enabled' ? context.random.hex(32) : 'null';
}

/** What answers say of a version's id: nothing in a bucket that has never had versions. */
export function shownVersionId(bucket: Bucket, version: ObjectVersion): { VersionId?: string } {
  return bucket.versioning === undefined ? {} : { VersionId: version.versionId };
}
