/**
 * How every SDK client of the functions is made. Endpoint, Region and credentials come from Lambda's environment.
 * Three attempts with the SDK's own backoff; what is still failing then is left to the state machine's Retry, which
 * waits longer and shows in the execution's history.
 */
export interface ClientConfiguration {
  maxAttempts?: number;
  /** A transport of one's own: the simulation calls its services in process. */
  // biome-ignore lint/suspicious/noExplicitAny: each SDK client has a nominal handler type of its own
  requestHandler?: any;
}

const defaults: ClientConfiguration = { maxAttempts: 3 };
let overrides: ClientConfiguration = {};

/** Changes what later clients are made with; to be called before a handler's module is loaded. */
export function configureClients(configuration: ClientConfiguration): void {
  overrides = configuration;
}

const clients = new Map<unknown, unknown>();

/** One client per class and Lambda container, made when it is first needed. */
export function client<Client>(Class: new (configuration: ClientConfiguration) => Client): Client {
  const existing = clients.get(Class);
  if (existing !== undefined) return existing as Client;
  const made = new Class({ ...defaults, ...overrides });
  clients.set(Class, made);
  return made;
}
