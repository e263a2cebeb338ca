import { StackError } from './errors.ts';
import type { Template, TemplateParameter } from './template.ts';

/** The template's parameters with the given values or their defaults; lists are split at commas. */
export function resolveParameters(
  template: Template,
  given: Record<string, string>,
): Record<string, unknown> {
  const declared = template.Parameters ?? {};
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0)
    throw new StackError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing = Object.keys(declared).filter(
    (name) => (given[name] ?? declared[name]?.Default) === undefined,
  );
  if (missing.length > 0) throw new StackError(`Parameters: [${missing.join(', ')}] must have values`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, parameter]) => [
      name,
      read(name, parameter, String(given[name] ?? parameter.Default)),
    ]),
  );
}

function read(name: string, parameter: TemplateParameter, text: string): unknown {
  const { AllowedValues, AllowedPattern, Type } = parameter;
  if (Type.startsWith('AWS::SSM::'))
    throw new StackError(`Parameter '${name}': type ${Type} is not supported`);
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(text)) {
    throw new StackError(`Template error: Parameter '${name}' must be one of AllowedValues`);
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(text)) {
    throw new StackError(`Template error: Parameter '${name}' must match pattern ${AllowedPattern}`);
  }
  if (Type === 'CommaDelimitedList' || Type.startsWith('List<'))
    return text.split(',').map((part) => part.trim());
  return text;
}
