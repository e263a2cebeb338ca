import { Readable } from 'node:stream';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createIam } from '#sandbox/iam/iam.ts';
import { createS3 } from '#sandbox/s3/s3.ts';
import { createFrontDoor } from '#sandbox/wire/front-door.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import { createRole } from '#test/sandbox/support/roles.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const { context, remove } = testContext();
const iam = createIam(context);
const s3 = createS3(context, { iam });
const door = createFrontDoor(context, { iam, definitions: [iam.definition, s3.definition] });
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
let client: S3Client;
let endpoint: string;

beforeAll(async () => {
  endpoint = `http://127.0.0.1:${await door.listen()}`;
  client = new S3Client({
    region: context.region,
    endpoint,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials,
  });
  await client.send(new CreateBucketCommand({ Bucket: 'releases' }));
});

afterAll(async () => {
  client.destroy();
  await door.close();
  remove();
});

const put = (Key: string, Body: string | Uint8Array = Key, Bucket = 'releases') =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));
const read = async (Key: string, Bucket = 'releases', more: object = {}) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
};

describe('objects', () => {
  it('give back bytes, type, metadata and the MD5 as ETag', async () => {
    const Key = 'dir/ä b+c&d.json';
    await client.send(
      new PutObjectCommand({
        Bucket: 'releases',
        Key,
        Body: '{"a":1}',
        ContentType: 'application/json',
        CacheControl: 'no-cache',
        Metadata: { commit: 'abc' },
      }),
    );

    const found = await client.send(new GetObjectCommand({ Bucket: 'releases', Key }));
    const head = await client.send(new HeadObjectCommand({ Bucket: 'releases', Key }));

    expect(await found.Body?.transformToString()).toBe('{"a":1}');
    const wanted = {
      ContentType: 'application/json',
      ContentLength: 7,
      CacheControl: 'no-cache',
      Metadata: { commit: 'abc' },
      ETag: '"bb6cb5c68df4652941caf652a366f2d8"',
    };
    expect(found).toMatchObject(wanted);
    expect(head).toMatchObject(wanted);
  });

  it('arrive as streams with a checksum behind them, and as empty bodies', async () => {
    const chunks = [Buffer.alloc(70_000, 'a'), Buffer.alloc(3, 'b')];
    await client.send(
      new PutObjectCommand({
        Bucket: 'releases',
        Key: 'stream',
        Body: Readable.from(chunks),
        ContentLength: 70_003,
      }),
    );
    await put('empty', new Uint8Array());

    const { ChecksumCRC32, ContentLength } = await client.send(
      new HeadObjectCommand({ Bucket: 'releases', Key: 'stream', ChecksumMode: 'ENABLED' }),
    );
    expect(await read('stream')).toBe(Buffer.concat(chunks).toString());
    expect({ ChecksumCRC32, ContentLength }).toEqual({
      ChecksumCRC32: expect.any(String),
      ContentLength: 70_003,
    });
    expect(await read('empty')).toBe('');
  });

  it('are refused with a checksum that is not theirs', async () => {
    const wrong = client.send(
      new PutObjectCommand({ Bucket: 'releases', Key: 'wrong', Body: 'a', ChecksumSHA256: 'AAAA' }),
    );

    await expect(wrong).rejects.toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } });
    await expect(read('wrong')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('are read in parts', async () => {
    await put('parts', '0123456789');
    const part = await client.send(
      new GetObjectCommand({ Bucket: 'releases', Key: 'parts', Range: 'bytes=2-4' }),
    );

    expect(part).toMatchObject({
      ContentRange: 'bytes 2-4/10',
      ContentLength: 3,
      $metadata: { httpStatusCode: 206 },
    });
    expect(await part.Body?.transformToString()).toBe('234');
    expect(await read('parts', 'releases', { Range: 'bytes=-3' })).toBe('789');
    await expect(read('parts', 'releases', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  it('are written only once by many who ask that the key be free', async () => {
    const write = (Body: string) =>
      client.send(new PutObjectCommand({ Bucket: 'releases', Key: 'once', Body, IfNoneMatch: '*' }));

    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map(write));

    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []));
    expect(refused).toEqual(['PreconditionFailed', 'PreconditionFailed', 'PreconditionFailed']);
  });

  it('are copied, deleted one by one and by the list', async () => {
    await put('original', 'text');
    await client.send(
      new CopyObjectCommand({ Bucket: 'releases', Key: 'copy', CopySource: 'releases/original' }),
    );
    const copied = await read('copy');

    await client.send(new DeleteObjectCommand({ Bucket: 'releases', Key: 'original' }));
    const { Deleted } = await client.send(
      new DeleteObjectsCommand({
        Bucket: 'releases',
        Delete: { Objects: [{ Key: 'copy' }, { Key: 'never' }] },
      }),
    );

    expect(copied).toBe('text');
    expect(Deleted).toEqual([{ Key: 'copy' }, { Key: 'never' }]);
    await expect(read('original')).rejects.toMatchObject({
      name: 'NoSuchKey',
      Key: 'original',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      client.send(new HeadObjectCommand({ Bucket: 'releases', Key: 'copy' })),
    ).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('are put together from parts that were uploaded one by one', async () => {
    const target = { Bucket: 'releases', Key: 'large' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const Parts: CompletedPart[] = [];
    for (const [index, Body] of ['first ', 'second'].entries()) {
      const part = { ...target, UploadId, PartNumber: index + 1, Body };
      const { ETag } = await client.send(new UploadPartCommand(part));
      Parts.push({ PartNumber: index + 1, ETag });
    }
    const complete = { ...target, UploadId, MultipartUpload: { Parts } };
    const { ETag } = await client.send(new CompleteMultipartUploadCommand(complete));

    expect(await read('large')).toBe('first second');
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    await expect(client.send(new CompleteMultipartUploadCommand(complete))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('are put and read by other services of the sandbox without a request', async () => {
    await s3.put('releases', 'artifact.zip', new Uint8Array([1, 2]));

    expect(await s3.get('releases', 'artifact.zip')).toEqual(Buffer.from([1, 2]));
    expect(await s3.get('releases', 'nothing')).toBeUndefined();
  });
});

describe('listing', () => {
  it('goes page by page, with common prefixes, in the order of the keys', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'listed' }));
    for (const key of ['b/2', 'a', 'b/1', 'c/1', 'd']) await put(key, key, 'listed');

    const pages: string[][] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '/', MaxKeys: 3, ContinuationToken }),
      );
      pages.push([
        ...(page.Contents ?? []).map(({ Key = '' }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
      ]);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    const below = await client.send(new ListObjectsV2Command({ Bucket: 'listed', Prefix: 'b/' }));

    expect(pages).toEqual([['a', 'b/', 'c/'], ['d']]);
    expect(below.Contents?.map(({ Key }) => Key)).toEqual(['b/1', 'b/2']);
    expect(below).toMatchObject({ KeyCount: 2, IsTruncated: false });
  });
});

describe('buckets', () => {
  it('are created once, found, located and deleted only when empty', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'another' }));
    await put('a', 'a', 'another');

    await expect(client.send(new CreateBucketCommand({ Bucket: 'another' }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
    await expect(client.send(new DeleteBucketCommand({ Bucket: 'another' }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      $metadata: { httpStatusCode: 409 },
    });
    const head = await client.send(new HeadBucketCommand({ Bucket: 'another' }));
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: 'another' }));
    await client.send(new DeleteObjectCommand({ Bucket: 'another', Key: 'a' }));
    await client.send(new DeleteBucketCommand({ Bucket: 'another' }));
    const { Buckets } = await client.send(new ListBucketsCommand({}));

    expect(head.BucketRegion).toBe(context.region);
    expect(LocationConstraint).toBe(context.region);
    expect(Buckets?.map(({ Name }) => Name)).not.toContain('another');
    await expect(read('a', 'another')).rejects.toMatchObject({ name: 'NoSuchBucket', BucketName: 'another' });
  });

  it('keep their settings and say where none was made', async () => {
    const encryption = {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }],
    };
    const rules = [
      { ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: 'x/' }, Expiration: { Days: 3 } },
    ];
    await client.send(
      new PutBucketEncryptionCommand({
        Bucket: 'releases',
        ServerSideEncryptionConfiguration: encryption,
      }),
    );
    await client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: 'releases',
        LifecycleConfiguration: { Rules: rules },
      }),
    );
    const missing = client.send(new GetBucketPolicyCommand({ Bucket: 'releases' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
    await client.send(new PutBucketPolicyCommand({ Bucket: 'releases', Policy: '{"Statement":[]}' }));

    const encrypted = await client.send(new GetBucketEncryptionCommand({ Bucket: 'releases' }));
    const lifecycle = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: 'releases' }));
    const policy = await client.send(new GetBucketPolicyCommand({ Bucket: 'releases' }));

    expect(encrypted.ServerSideEncryptionConfiguration).toEqual(encryption);
    expect(lifecycle.Rules).toEqual(rules);
    expect(policy.Policy).toBe('{"Statement":[]}');
  });

  it('keep every version once versioning is on', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'versions' }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const first = await put('key', 'one', 'versions');
    await put('key', 'two', 'versions');
    const marker = await client.send(new DeleteObjectCommand({ Bucket: 'versions', Key: 'key' }));

    await expect(read('key', 'versions')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await read('key', 'versions', { VersionId: first.VersionId })).toBe('one');
    const { Versions, DeleteMarkers } = await client.send(
      new ListObjectVersionsCommand({ Bucket: 'versions' }),
    );
    expect(Versions).toHaveLength(2);
    expect(DeleteMarkers?.map(({ VersionId }) => VersionId)).toEqual([marker.VersionId]);

    await client.send(
      new DeleteObjectCommand({ Bucket: 'versions', Key: 'key', VersionId: marker.VersionId }),
    );
    expect(await read('key', 'versions')).toBe('two');
  });

  it('are addressed by host name as well as by path', async () => {
    await put('hosted', 'by name');
    // Names under localhost are not resolved by every machine, so the request goes in process.
    const hosted = new S3Client({
      region: context.region,
      endpoint: 'http://localhost:4566',
      credentials,
      requestHandler: inProcessHandler(door),
    });

    const { Body } = await hosted.send(new GetObjectCommand({ Bucket: 'releases', Key: 'hosted' }));

    expect(await Body?.transformToString()).toBe('by name');
  });

  it('answer NotImplemented to what is not supported', async () => {
    await put('acl');
    await expect(
      client.send(new PutObjectAclCommand({ Bucket: 'releases', Key: 'acl', ACL: 'public-read' })),
    ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
  });
});

describe('permissions', () => {
  it('are asked of the object, and a missing key is told only to those who may list the bucket', async () => {
    await put('public/a');
    const role = await createRole(iam, 'reader', [
      { Action: 's3:GetObject', Resource: 'arn:aws:s3:::releases/public/*' },
    ]);
    const lister = await createRole(iam, 'lister', [
      { Action: 's3:GetObject', Resource: 'arn:aws:s3:::releases/*' },
      { Action: 's3:ListBucket', Resource: 'arn:aws:s3:::releases' },
    ]);
    const as = (arn: string) =>
      new S3Client({
        region: context.region,
        forcePathStyle: true,
        endpoint,
        requestHandler: inProcessHandler(door),
        credentials: iam.issueCredentials(arn, 'test'),
      });
    const get = (Key: string) => new GetObjectCommand({ Bucket: 'releases', Key });

    await expect(as(role).send(get('public/a'))).resolves.toMatchObject({ ContentLength: 8 });
    await expect(as(role).send(get('large'))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:GetObject on resource: arn:aws:s3:::releases/large because no'),
    });
    await expect(as(role).send(get('public/missing'))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(as(lister).send(get('public/missing'))).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
