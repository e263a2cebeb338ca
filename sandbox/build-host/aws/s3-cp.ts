import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { notSupported } from './errors.ts';

/** aws s3 cp: one file up or down. */
export async function s3Copy(args: string[]): Promise<string> {
  const [from = '', to = '', ...rest] = args.filter((arg) => arg !== '--quiet');
  if (rest.length > 0 || from === '-' || to === '-') throw notSupported(`'aws s3 cp ${args.join(' ')}'`);
  const client = new S3Client({ forcePathStyle: true });
  const [source, target] = [location(from), location(to)];
  if (target && !source) {
    const Key = target.key === '' || target.key.endsWith('/') ? target.key + basename(from) : target.key;
    await client.send(new PutObjectCommand({ Bucket: target.bucket, Key, Body: readFileSync(from) }));
    return `upload: ${from} to s3://${target.bucket}/${Key}\n`;
  }
  if (source && !target) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: source.bucket, Key: source.key }));
    const file = to.endsWith('/') || to === '.' ? join(to, basename(source.key)) : to;
    writeFileSync(file, (await Body?.transformToByteArray()) ?? '');
    return `download: ${from} to ${file}\n`;
  }
  throw notSupported(`copying ${from} to ${to}`);
}

function location(path: string): { bucket: string; key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(path);
  return match ? { bucket: match[1] ?? '', key: match[2] ?? '' } : undefined;
}
