import { type Api, createApiClient } from '#test/support/api.ts';
import type { World } from './harness.ts';

/** A client of the API of a simulated installation: the same signed requests, without a socket. */
export async function createWorldApi({ call, simulation }: World): Promise<Api> {
  const { Items } = await call('apigateway', 'GetApis', {});
  const { context, services, time } = simulation;
  const administrator = {
    region: context.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const ask = createApiClient(
    `http://127.0.0.1/_api/${Items[0].ApiId}`,
    administrator,
    async ({ method, url, headers, body = new Uint8Array() }) => {
      const { pathname: path, search } = url;
      const answer = await services.httpApi.answer({ method, path, query: search.slice(1), headers, body });
      if (answer === undefined) throw new Error(`No API at ${url}`);
      const { statusCode: status, headers: given, body: content } = answer;
      return { status, type: given['content-type'] ?? null, text: Buffer.from(content).toString() };
    },
  );
  return async (...request) => {
    const answer = await ask(...request);
    if (answer.status !== 429) return answer;
    // The stage admits ten requests a second, and here no time passes by itself.
    await time.pass(1);
    return ask(...request);
  };
}
