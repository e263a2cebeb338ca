import { type HttpHandler, jsonMessage } from './wire/http-handler.ts';

/** Where a client that was told nothing finds out that a sandbox runs, and how to speak to the application in it. */
const HEALTH_PATH = '/_landfall/health';

export interface Health {
  landfall: 'sandbox';
  region: string;
  /** The administrator's; whoever reaches the sandbox is a program of this machine. */
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** The application is being packaged and deployed, answers, or there is none in this sandbox. */
  status: 'starting' | 'ready' | 'empty';
  /** The application's HTTP API; null until the application has been started, and where it has none. */
  api: string | null;
}

/** GET /_landfall/health on the sandbox's own port, unsigned. */
export function createHealth({ region, credentials }: Pick<Health, 'region' | 'credentials'>) {
  // Field by field: the SDK writes notes of its own on the credentials that it is given.
  const { accessKeyId, secretAccessKey } = credentials;
  const health: Health = {
    landfall: 'sandbox',
    status: 'empty',
    region,
    credentials: { accessKeyId, secretAccessKey },
    api: null,
  };
  const handler: HttpHandler = {
    name: 'health',
    takes: ({ method, path, query }) => method === 'GET' && path === HEALTH_PATH && query === '',
    handle(_request, response) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(health));
    },
    forbidden: (message) => jsonMessage(403, message),
  };
  return {
    handler,
    starts() {
      health.status = 'starting';
    },
    serves(api: string | null) {
      Object.assign(health, { status: 'ready', api });
    },
  };
}
