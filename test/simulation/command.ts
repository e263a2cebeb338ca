import { run } from '#cli/run.ts';
import type { Io } from '#cli/terminal/io.ts';
import { assertInContract } from '#test/support/contract.ts';
import type { World } from './harness.ts';

export interface Ran {
  exitCode: number;
  out: string;
  err: string;
}

export interface CommandOptions {
  /** Presses Ctrl-C when it returns true, asked of all that is written to stdout or stderr whenever something is. */
  interruptWhen?: (written: string) => boolean;
  env?: Io['env'];
}

export type Landfall = (args: string[], options?: CommandOptions) => Promise<Ran>;

/**
 * The landfall command against a simulated installation: its own code from the arguments to the exit code, its signed
 * requests without a socket, its pauses in virtual time. It finds the API as it finds a sandbox's.
 */
export async function createLandfall({ call, simulation }: World): Promise<Landfall> {
  const { Items } = await call('apigateway', 'GetApis', {});
  const { context, services, time } = simulation;
  const api = `http://127.0.0.1/_api/${Items[0].ApiId}`;

  const fetch: Io['fetch'] = async (input, init = {}) => {
    const url = new URL(String(input));
    if (url.pathname === '/_landfall/health') {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      return Response.json({
        landfall: 'sandbox',
        status: 'ready',
        region: context.region,
        credentials,
        api,
      });
    }
    const method = init.method ?? 'GET';
    const text = typeof init.body === 'string' ? init.body : '';
    const answer = await services.httpApi.answer({
      method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: { ...(init.headers as Record<string, string>), host: url.host },
      body: Buffer.from(text),
    });
    if (answer === undefined) throw new Error(`No API at ${url}`);
    const { statusCode: status, headers, body } = answer;
    const said = Buffer.from(body).toString();
    assertInContract({
      method,
      path: url.pathname.slice(new URL(api).pathname.length),
      answer: {
        status,
        type: headers['content-type'] ?? null,
        body: said === '' ? undefined : JSON.parse(said),
      },
      ...(text === '' ? {} : { body: JSON.parse(text) }),
    });
    return new Response(said || null, { status, headers });
  };

  return async (args, { interruptWhen = () => false, env = {} } = {}) => {
    const written = { out: '', err: '' };
    let interrupt = () => {};
    const io: Io = {
      out: {
        write(text) {
          written.out += text;
          if (interruptWhen(written.out)) interrupt();
        },
      },
      err: {
        write(text) {
          written.err += text;
          if (interruptWhen(written.err)) interrupt();
        },
      },
      env,
      now: () => Date.now(),
      // The globals are virtual here.
      pause: (milliseconds, signal) =>
        new Promise((resolve) => {
          setTimeout(resolve, milliseconds);
          signal?.addEventListener('abort', () => resolve(), { once: true });
        }),
      fetch,
      browse: async () => undefined,
      ask: undefined,
      onInterrupt(callback) {
        interrupt = callback;
        return () => {
          interrupt = () => {};
        };
      },
    };
    let exitCode: number | undefined;
    const running = run(args, io).then((code) => {
      exitCode = code;
    });
    await time.until(`the end of landfall ${args.join(' ')}`, async () => exitCode !== undefined);
    await running;
    return { exitCode: exitCode ?? -1, ...written };
  };
}
