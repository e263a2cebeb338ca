import type { Caller } from '#sandbox/core/service.ts';
import type { WireRequest } from '#sandbox/wire/messages.ts';
import type { Api, Route, Stage } from '../api-store.ts';

/** One request on its way through the API: what is known of it so far. */
export interface Exchange {
  requestId: string;
  receivedAt: number;
  api: Api;
  /** Absent where the API has no stage that serves the path. */
  stage?: Stage;
  request: WireRequest;
  /** The path within the API, still percent-encoded, the stage's name included where it has one. */
  rawPath: string;
  domainName: string;
  sourceIp: string;
  route?: Route;
  pathParameters?: Record<string, string>;
  caller?: Caller;
  accessKey?: string;
  integrationError?: string;
}
