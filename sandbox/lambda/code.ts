import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import { AwsError } from '#sandbox/core/errors.ts';

/** A deployment package, unpacked. */
export interface Code {
  /** What is /var/task in Lambda. */
  taskRoot: string;
  /** SHA-256 of the zip, base64. */
  sha256: string;
  size: number;
}

/** Lambda's quota for an unpacked deployment package. */
const UNZIPPED_LIMIT = 262_144_000;

/** Unpacks a deployment package below `directory`; the same zip is unpacked once. */
export function unpackCode(zip: Uint8Array, directory: string, unpacked: Map<string, Code>): Code {
  const hash = createHash('sha256').update(zip).digest();
  const sha256 = hash.toString('base64');
  const known = unpacked.get(sha256);
  if (known !== undefined) return known;
  const taskRoot = join(directory, hash.toString('hex').slice(0, 16));
  writeFiles(readZip(zip), taskRoot);
  const code = { taskRoot, sha256, size: zip.byteLength };
  unpacked.set(sha256, code);
  return code;
}

function readZip(zip: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch (cause) {
    throw invalid(
      `Could not unzip uploaded file. Please check your file, then try to upload again. (${cause})`,
    );
  }
}

function writeFiles(files: Record<string, Uint8Array>, taskRoot: string): void {
  const size = Object.values(files).reduce((total, content) => total + content.byteLength, 0);
  if (size > UNZIPPED_LIMIT) throw invalid(`Unzipped size must be smaller than ${UNZIPPED_LIMIT} bytes`);
  mkdirSync(taskRoot, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const relative = normalize(name);
    if (relative.startsWith('..') || relative.startsWith('/'))
      throw invalid(`Illegal path in the zip: ${name}`);
    if (name.endsWith('/')) continue;
    const path = join(taskRoot, relative);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { fields: { Type: 'User' } });
}
