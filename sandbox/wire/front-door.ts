import { AwsError } from '#sandbox/core/errors.ts';
import type { Caller, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { type Authorizer, accessDenied, authorizationOf, enforce } from './authorize.ts';
import { ConnectionLost } from './connection-lost.ts';
import type { HttpHandler } from './http-handler.ts';
import type { WireRequest, WireResponse } from './messages.ts';
import { type OperationModel, type ServiceModel, serviceModel } from './model.ts';
import { protocolOf } from './protocols/index.ts';
import { type Route, route, serviceOf } from './route.ts';
import { type HttpDoor, serveHttp } from './server.ts';
import { decodeChunks } from './sigv4/chunks.ts';
import { dialectOf } from './sigv4/refusals.ts';
import { type Identities, verifySignature } from './sigv4/verify.ts';
import { unroutedError } from './unrouted-error.ts';
import { toPathStyle } from './virtual-host.ts';

export interface FrontDoorNeeds {
  definitions: ServiceDefinition[];
  iam: Identities & Authorizer;
  /** What is no call to an AWS service is for the first of these that takes it. */
  handlers?: HttpHandler[];
}

export interface DisturbedCall {
  service: string;
  operation: string;
  input: Record<string, unknown>;
  caller: Caller;
}

export interface FrontDoorOptions {
  /** Names in lower case, without a port, that the front door answers to beside those of the loopback. */
  allowedHosts?: readonly string[];
  /** Called with every answered call; for tests and for whoever watches the sandbox. */
  onCall?: (call: { service: string; operation: string; statusCode: number; caller?: Caller }) => void;
  /**
   * Stands around every authorized operation: a simulation throttles it, refuses it, or loses its answer after it
   * was performed (ConnectionLost breaks the connection). Default: performs it.
   */
  disturb?: (call: DisturbedCall, perform: () => Promise<unknown>) => Promise<unknown>;
}

export interface FrontDoor {
  /** Listens on 127.0.0.1: on the preferred port or, where it is taken, on a free one, which it returns. */
  listen(preferredPort?: number): Promise<number>;
  /** Answers a request in this process; undefined where it is no call to a service served here. */
  handle(request: WireRequest): Promise<WireResponse | undefined>;
  /** Verifies the SigV4 signature of a request that is for none of the services here, by default an HTTP API. */
  verifySignature(request: WireRequest, signingName?: string): Promise<Caller>;
  close(): Promise<void>;
}

/**
 * The one door of the local AWS: every service, every protocol, one port. A request is told apart by what it
 * says itself (X-Amz-Target, Action and Version, or the service it is signed for), its signature is verified,
 * its input read by the SDK's own schemas, the caller's policies are asked, and only then the operation runs.
 */
export function createFrontDoor(
  context: SandboxContext,
  needs: FrontDoorNeeds,
  options: FrontDoorOptions = {},
): FrontDoor {
  const services = needs.definitions.map(serviceModel);
  const identities = { context, identities: needs.iam };

  const handle = async (sent: WireRequest): Promise<WireResponse | undefined> => {
    const request = toPathStyle(sent);
    const found = route(request, services);
    if (!found) return undefined;
    const requestId = context.random.uuid();
    const call = { service: found.service.definition.signingName, operation: found.operationName };
    try {
      const { caller, response } = await answer(request, sent, found, requestId);
      options.onCall?.({ ...call, statusCode: response.statusCode, caller });
      return response;
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      const failure = asAwsError(error, found, context);
      const response = protocolOf(found.service).writeError(found.service, failure, requestId);
      options.onCall?.({ ...call, statusCode: response.statusCode });
      return response;
    }
  };

  const answer = async (request: WireRequest, sent: WireRequest, found: Route, requestId: string) => {
    const { service } = found;
    const protocol = protocolOf(service);
    // The signature covers the request as it was sent: before the bucket moved from the host to the path.
    const { signingName } = service.definition;
    const verified = await verifySignature(sent, identities, {
      signingName,
      dialect: dialectOf(service.protocol),
    });
    const handler = service.definition.operations[found.operationName];
    if (!found.operation || !handler) throw protocol.unknownOperation(service, found.operationName);
    const call = { service, operation: found.operation, labels: found.labels };
    const { body, trailers } = await decodeChunks(sent, verified);
    const input = protocol.read(call, { ...request, headers: { ...request.headers, ...trailers }, body });
    requireMembers(service, found.operation, input);
    enforce(needs.iam, verified.caller, service, authorizationOf(service, found.operationName, input));
    const traceHeader = request.headers['x-amzn-trace-id'];
    const perform = async () => {
      // Held on its way for longer than its sender waited.
      if (sent.signal?.aborted) throw new ConnectionLost();
      return handler(input, { caller: verified.caller, requestId, traceHeader });
    };
    const disturbed = {
      service: service.definition.signingName,
      operation: found.operationName,
      input,
      caller: verified.caller,
    };
    const output = (await (options.disturb?.(disturbed, perform) ?? perform())) ?? {};
    return { caller: verified.caller, response: protocol.write(call, output, requestId) };
  };

  const forbidden = (request: WireRequest, message: string): WireResponse => {
    const service = serviceOf(request, services);
    if (service === undefined) return unroutedError(request, 403, 'AccessDeniedException', message);
    const error = accessDenied(service, message);
    // Whatever its protocol, a browser has to see that this was refused: JSON services would say 400.
    const answer = protocolOf(service).writeError(service, error, context.random.uuid());
    return { ...answer, statusCode: 403 };
  };

  const signingNames = new Set(needs.definitions.map(({ signingName }) => signingName));
  const door: HttpDoor = serveHttp(context, {
    handle,
    serves: (signingName) => signingNames.has(signingName),
    forbidden,
    handlers: needs.handlers ?? [],
    allowedHosts: new Set(options.allowedHosts),
  });
  return {
    listen: door.listen,
    close: door.close,
    handle,
    async verifySignature(request, signingName = 'execute-api') {
      const { caller } = await verifySignature(request, identities, { signingName, dialect: 'restJson' });
      return caller;
    },
  };
}

/** The code that a service gives to input of the wrong form: the first of these that its model knows. */
const validationCodes = [
  'ValidationException',
  'InvalidParameterException',
  'InvalidParameterValueException',
  'InvalidInputException',
  'InvalidRequestException',
];

function requireMembers(
  service: ServiceModel,
  operation: OperationModel,
  input: Record<string, unknown>,
): void {
  const missing = operation.required.filter((name) => input[name] === undefined);
  if (missing.length === 0) return;
  const code = service.protocol.endsWith('Query')
    ? 'ValidationError'
    : (validationCodes.find((name) => service.errors.has(name)) ?? 'ValidationException');
  const count = `${missing.length} validation error${missing.length === 1 ? '' : 's'} detected: `;
  const details = missing.map(
    (name) =>
      `Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
  throw new AwsError(code, count + details.join('; '));
}

function asAwsError(error: unknown, { service, operationName }: Route, context: SandboxContext): AwsError {
  if (error instanceof AwsError) return error;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.debug(`${service.definition.signingName}:${operationName} failed unexpectedly: ${detail}`);
  return new AwsError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    {
      httpStatus: 500,
    },
  );
}
