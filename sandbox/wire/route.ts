import type { WireRequest } from './messages.ts';
import type { OperationModel, ServiceModel } from './model.ts';
import { formFields } from './protocols/query.ts';
import { readSignature } from './sigv4/signature.ts';
import { findBinding } from './uri.ts';

/** Where a request wants to go. `operation` is missing where the service has none of that name. */
export interface Route {
  service: ServiceModel;
  operationName: string;
  operation?: OperationModel;
  labels: Record<string, string>;
}

/** Finds the service and operation of a request; undefined where it is no call to a service served here. */
export function route(request: WireRequest, services: ServiceModel[]): Route | undefined {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return byTarget(target, services);
  const fields = new Map(isQuery(request) ? formFields(request) : []);
  const [action, version] = [fields.get('Action'), fields.get('Version')];
  if (action !== undefined && version !== undefined) return byVersion(action, version, services);
  return byBinding(request, services);
}

/** The service that a request names in its head, without regard to the operation; undefined where it names none here. */
export function serviceOf(request: WireRequest, services: ServiceModel[]): ServiceModel | undefined {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return byTargetPrefix(target, services);
  const signature = readSignature(request);
  if (typeof signature !== 'object') return undefined;
  return services.find(({ definition }) => definition.signingName === signature.signingName);
}

function byTarget(target: string, services: ServiceModel[]): Route | undefined {
  const [, operationName = ''] = target.split('.');
  return toOperation(byTargetPrefix(target, services), operationName);
}

function byTargetPrefix(target: string, services: ServiceModel[]): ServiceModel | undefined {
  const [prefix] = target.split('.');
  return services.find(
    (service) => service.protocol.startsWith('awsJson') && service.targetPrefix === prefix,
  );
}

function isQuery(request: WireRequest): boolean {
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return (request.method === 'POST' && form === true) || request.query.includes('Action=');
}

/** The API version is unique among the services of the query protocols: classic ELB and ELBv2 differ in it alone. */
function byVersion(action: string, version: string, services: ServiceModel[]): Route | undefined {
  return toOperation(
    services.find((service) => service.protocol.endsWith('Query') && service.version === version),
    action,
  );
}

function toOperation(service: ServiceModel | undefined, operationName: string): Route | undefined {
  if (!service) return undefined;
  const operation = service.operations.get(operationName);
  return { service, operationName, labels: {}, ...(operation ? { operation } : {}) };
}

/** REST requests name their service by what they are signed for. */
function byBinding(request: WireRequest, services: ServiceModel[]): Route | undefined {
  const signature = readSignature(request);
  if (signature === undefined || signature === 'incomplete') return undefined;
  const service = services.find(
    ({ protocol, definition }) =>
      protocol.startsWith('rest') && definition.signingName === signature.signingName,
  );
  if (!service) return undefined;
  const found = findBinding(service, request);
  return { service, operationName: found?.operation.name ?? '', labels: {}, ...found };
}
