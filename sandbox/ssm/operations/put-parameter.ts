import type {
  DeleteParameterRequest,
  DeleteParameterResult,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import type { OperationContext } from '#sandbox/core/service.ts';
import { parameterArn, parameterNotFound, type SsmState, type StoredParameter } from '../state.ts';

/** Standard parameters: up to 4 KB of text, a new version each time, the last hundred of them kept. */
export function putParameter(state: SsmState) {
  return (input: PutParameterRequest, { caller }: OperationContext): PutParameterResult => {
    const name = input.Name ?? '';
    const known = state.parameters.get(name);
    validate(input, known);
    const stored: StoredParameter = known ?? {
      name,
      arn: parameterArn(state.context, name),
      versions: [],
      tags: new Map(),
    };
    const version = (stored.versions.at(-1)?.version ?? 0) + 1;
    stored.versions.push({
      version,
      value: input.Value ?? '',
      type: input.Type ?? stored.versions.at(-1)?.type ?? 'String',
      modifiedAt: new Date(state.context.clock.now()),
      modifiedBy: caller.arn,
      ...(input.Description !== undefined && { description: input.Description }),
    });
    if (stored.versions.length > 100) stored.versions.shift();
    for (const { Key = '', Value = '' } of input.Tags ?? []) stored.tags.set(Key, Value);
    state.parameters.set(name, stored);
    return { Version: version, Tier: 'Standard' };
  };
}

function validate(input: PutParameterRequest, known: StoredParameter | undefined): void {
  const name = input.Name ?? '';
  const invalid = (message: string) => new AwsError('ValidationException', message);
  if (input.Tier === 'Advanced' || input.Policies) throw notSupported('advanced parameters');
  if (!/^[\w./-]{1,1011}$/.test(name) || /^\/?(aws|ssm)/i.test(name)) {
    throw invalid(
      `Parameter name: can't be prefixed with "ssm" or "aws" (case-insensitive) and may hold only letters, digits and the symbols . - _ and /.`,
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw invalid('Parameter name must be a fully qualified name.');
  }
  if (!input.Value) throw invalid('Parameter value must not be empty.');
  if (Buffer.byteLength(input.Value) > 4096) {
    throw invalid('Standard tier parameters support a maximum parameter value of 4096 characters.');
  }
  if (!known && !input.Type) throw invalid('A parameter type is required when you create a parameter.');
  if (known && !input.Overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
}

export function deleteParameter(state: SsmState) {
  return (input: DeleteParameterRequest): DeleteParameterResult => {
    if (!state.parameters.delete(input.Name ?? '')) throw parameterNotFound(input.Name);
    return {};
  };
}
