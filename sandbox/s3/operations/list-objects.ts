import type {
  ListObjectsV2Output,
  ListObjectsV2Request,
  ListObjectVersionsOutput,
  ListObjectVersionsRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '#sandbox/core/service.ts';
import { s3Error } from '../errors.ts';
import type { S3 } from '../needs.ts';
import { type Bucket, currentVersion } from '../store.ts';

/** Listing a bucket, in the order of the keys' UTF-8 bytes. */
export function listOperations({ store }: S3): Record<string, Operation> {
  const operations = {
    ListObjectsV2(input: ListObjectsV2Request): ListObjectsV2Output {
      const bucket = store.bucket(input.Bucket);
      const { Prefix = '', Delimiter, ContinuationToken, StartAfter } = input;
      const limit = Math.min(input.MaxKeys ?? 1000, 1000);
      const after = ContinuationToken === undefined ? (StartAfter ?? '') : readToken(ContinuationToken);
      const { entries, more } = page(bucket, { Prefix, Delimiter, after, limit });
      const name = (text: string) => (input.EncodingType === 'url' ? encodeKey(text) : text);
      const contents = entries.flatMap((entry) => {
        const version = entry.prefix ? undefined : currentVersion(bucket, entry.name);
        return version === undefined
          ? []
          : [
              {
                Key: name(entry.name),
                Size: version.size,
                ETag: version.etag,
                LastModified: version.lastModified,
                StorageClass: 'STANDARD' as const,
              },
            ];
      });
      const prefixes = entries.filter(({ prefix }) => prefix);
      return {
        Name: bucket.name,
        Prefix: name(Prefix),
        MaxKeys: limit,
        KeyCount: entries.length,
        IsTruncated: more,
        ...(Delimiter === undefined ? {} : { Delimiter: name(Delimiter) }),
        ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
        ...(StartAfter === undefined ? {} : { StartAfter: name(StartAfter) }),
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
        ...(more ? { NextContinuationToken: writeToken(entries.at(-1)?.name ?? '') } : {}),
        ...(contents.length > 0 ? { Contents: contents } : {}),
        ...(prefixes.length > 0
          ? { CommonPrefixes: prefixes.map((entry) => ({ Prefix: name(entry.name) })) }
          : {}),
      };
    },
    ListObjectVersions({ Bucket, Prefix = '' }: ListObjectVersionsRequest): ListObjectVersionsOutput {
      const bucket = store.bucket(Bucket);
      const all = sortedKeys(bucket, Prefix).flatMap((Key) => {
        const versions = bucket.objects.get(Key) ?? [];
        return versions.toReversed().map((version) => ({
          deleteMarker: version.deleteMarker === true,
          Key,
          VersionId: version.versionId,
          IsLatest: version === versions.at(-1),
          LastModified: version.lastModified,
          Size: version.size,
          ETag: version.etag,
        }));
      });
      const markers = all.filter(({ deleteMarker }) => deleteMarker);
      const versions = all.filter(({ deleteMarker }) => !deleteMarker);
      return { Name: bucket.name, Prefix, IsTruncated: false, Versions: versions, DeleteMarkers: markers };
    },
  };
  return operations;
}

interface Entry {
  name: string;
  /** A common prefix, which stands for every key below it. */
  prefix: boolean;
}

interface PageRequest {
  Prefix: string;
  Delimiter: string | undefined;
  after: string;
  limit: number;
}

function page(
  bucket: Bucket,
  { Prefix, Delimiter, after, limit }: PageRequest,
): { entries: Entry[]; more: boolean } {
  const entries: Entry[] = [];
  for (const key of sortedKeys(bucket, Prefix)) {
    if (!currentVersion(bucket, key)) continue;
    const cut = Delimiter ? key.indexOf(Delimiter, Prefix.length) : -1;
    const entry: Entry =
      cut < 0
        ? { name: key, prefix: false }
        : { name: key.slice(0, cut + (Delimiter ?? '').length), prefix: true };
    if (compare(entry.name, after) <= 0 || entries.at(-1)?.name === entry.name) continue;
    if (entries.length === limit) return { entries, more: limit > 0 };
    entries.push(entry);
  }
  return { entries, more: false };
}

function sortedKeys(bucket: Bucket, prefix: string): string[] {
  return [...bucket.objects.keys()].filter((key) => key.startsWith(prefix)).sort(compare);
}

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const encodeKey = (text: string) => encodeURIComponent(text).replaceAll('%2F', '/');
const writeToken = (key: string) => Buffer.from(`1/${key}`).toString('base64');

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (!text.startsWith('1/'))
    throw s3Error('InvalidArgument', 'The continuation token provided is incorrect', 400);
  return text.slice(2);
}
