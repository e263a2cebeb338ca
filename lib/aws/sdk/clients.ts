import { tracer } from './tracer.ts';

/**
 * How every SDK client of the functions is made. Endpoint, Region and credentials come from Lambda's environment.
 * Three attempts with the SDK's own backoff; what is still failing then is left to the state machine's Retry, which
 * waits longer and shows in the execution's history.
 */
export interface ClientConfiguration {
  maxAttempts?: number;
  /** The transport's options. Or, in the simulation, a transport of its own that calls its services in process. */
  // biome-ignore lint/suspicious/noExplicitAny: each SDK client has a nominal handler type of its own
  requestHandler?: any;
}

/**
 * Without them a connection that says nothing holds a function until Lambda ends it, and nobody learns which call it
 * was. Three attempts of five seconds and their backoff fit into an API function's 29 seconds. The socket's limit is for
 * a body that stops in the middle. Each ends in a TimeoutError, which faults.ts knows.
 */
const timeouts = {
  connectionTimeout: 1_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
  socketTimeout: 5_000,
};

const defaults: ClientConfiguration = { maxAttempts: 3, requestHandler: timeouts };
let overrides: ClientConfiguration = {};

/**
 * For tests only: the simulation hands in a transport of its own. Changes what later clients are made with, so it is
 * called before a handler's module is loaded.
 */
export function configureClients(configuration: ClientConfiguration): void {
  overrides = configuration;
}

const clients = new Map<unknown, unknown>();

/** One client per class and Lambda container, made when it is first needed. */
export function clientOf<Client>(Class: new (configuration: ClientConfiguration) => Client): Client {
  const existing = clients.get(Class);
  if (existing !== undefined) return existing as Client;
  const made = tracer.captureAWSv3Client(new Class({ ...defaults, ...overrides }));
  clients.set(Class, made);
  return made;
}
