import type { Fallback } from './wire/front-door.ts';

/** Where a client that was told nothing finds out that a sandbox runs, and how to speak to the application in it. */
export const HEALTH_PATH = '/_landfall/health';

export interface Health {
  landfall: 'sandbox';
  region: string;
  /** The administrator's; whoever reaches the sandbox is on this machine. */
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** The application's HTTP API; null in an empty sandbox, and until the application has been started. */
  api: string | null;
}

/** GET /_landfall/health on the sandbox's own port, unsigned. */
export function createHealth(about: Omit<Health, 'landfall' | 'api'>) {
  const health: Health = { landfall: 'sandbox', ...about, api: null };
  const handle: Fallback = (request, response) => {
    if (request.method !== 'GET' || request.url !== HEALTH_PATH) return false;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(health));
    return true;
  };
  return {
    handle,
    serves(api: string | null) {
      health.api = api;
    },
  };
}
