import type { AwsError } from '#sandbox/core/errors.ts';
import type { ServiceModel } from '../model.ts';
import { writeJson } from '../values/json.ts';

/**
 * An error's members as JSON: the message under the name that the error's shape gives it (`message`, or
 * `Message` as in ECR and Lambda), and the fields as the shape has them.
 */
export function errorBody(service: ServiceModel, error: AwsError): Record<string, unknown> {
  const shape = service.errors.get(error.code)?.schema;
  if (!shape) return { message: error.message, ...error.fields };
  const members = shape.getMemberSchemas();
  const messageName = 'Message' in members ? 'Message' : 'message';
  const modeled = JSON.parse(writeJson(shape, error.fields, { jsonName: true }));
  return { ...modeled, [messageName]: error.message };
}
