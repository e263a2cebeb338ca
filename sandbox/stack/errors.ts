import { AwsError } from '#sandbox/core/errors.ts';

/** What keeps a template from becoming a stack: names the resource where there is one. */
export class StackError extends AwsError {
  constructor(message: string, options: { logicalId?: string; resourceType?: string; cause?: unknown } = {}) {
    super('ValidationError', message, {
      fields: { logicalId: options.logicalId, resourceType: options.resourceType },
    });
    this.name = 'StackError';
    if (options.cause !== undefined) this.cause = options.cause;
  }
}
