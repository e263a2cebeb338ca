import type { FunctionCode } from '@aws-sdk/client-lambda';
import type { Code } from '../code.ts';
import { invalid } from '../settings.ts';
import type { LambdaState } from '../state.ts';

/** The deployment package that a request names: in the request itself or in S3. */
export async function readCode(state: LambdaState, code: FunctionCode): Promise<Code> {
  if (code.ZipFile !== undefined) return state.unpack(code.ZipFile);
  if (code.S3Bucket === undefined || code.S3Key === undefined)
    throw invalid('Please provide a source for function code.');
  if (state.needs.services === undefined) throw invalid('This sandbox has no S3 to read function code from.');
  const answer = await state.needs.services
    .call('s3', 'GetObject', { Bucket: code.S3Bucket, Key: code.S3Key })
    .catch((error: Error) => {
      throw invalid(
        `Error occurred while GetObject. S3 Error Code: ${error.name}. S3 Error Message: ${error.message}`,
      );
    });
  return state.unpack(await bytesOf(answer.Body));
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
