import type { AwsError } from '#sandbox/core/errors.ts';
import type { WireRequest, WireResponse } from '../messages.ts';
import type { OperationModel, ServiceModel } from '../model.ts';

/** A request that has found its service and operation. `labels`: what an HTTP binding's path matched. */
export interface Call {
  service: ServiceModel;
  operation: OperationModel;
  labels: Record<string, string>;
}

/** How one of AWS's protocols reads requests and writes answers. Knows no service. */
export interface Protocol {
  read(call: Call, request: WireRequest): Record<string, unknown>;
  write(call: Call, output: Record<string, unknown>, requestId: string): WireResponse;
  /** `operation` is undefined where the request named none that the service has. */
  writeError(service: ServiceModel, error: AwsError, requestId: string): WireResponse;
  unknownOperation(service: ServiceModel, name: string): AwsError;
}

/** The HTTP status of an error: its own, or where that is only the default, what the service's model says. */
export function errorStatus(service: ServiceModel, error: AwsError): number {
  return error.httpStatus === 400 ? (service.errors.get(error.code)?.httpStatus ?? 400) : error.httpStatus;
}
