import type { Properties, ResourceType } from './resource-type.ts';
import { camelCase, json } from './shape.ts';

/** AWS::StepFunctions::StateMachine with its definition as text or as JSON. */
export const stateMachine: ResourceType = {
  properties: [
    'StateMachineName',
    'StateMachineType',
    'RoleArn',
    'DefinitionString',
    'Definition',
    'DefinitionSubstitutions',
    'LoggingConfiguration',
    'TracingConfiguration',
  ],
  recorded: ['Tags', 'EncryptionConfiguration'],
  async create({ properties, services, generatedName }) {
    const name = String(properties.StateMachineName ?? generatedName(80));
    const { stateMachineArn } = await services.call('states', 'CreateStateMachine', {
      name,
      definition: definition(properties),
      roleArn: properties.RoleArn,
      type: properties.StateMachineType ?? 'STANDARD',
      ...optional('loggingConfiguration', camelCase(properties.LoggingConfiguration)),
      ...optional('tracingConfiguration', camelCase(properties.TracingConfiguration)),
    });
    return {
      physicalId: stateMachineArn,
      attributes: { Arn: stateMachineArn, Name: name },
      remove: () => services.call('states', 'DeleteStateMachine', { stateMachineArn }),
    };
  },
};

/** `${key}` stands for a substitution; other placeholders stay, as they do in CloudFormation. */
function definition({ DefinitionString, Definition, DefinitionSubstitutions = {} }: Properties): string {
  const text = json(DefinitionString ?? Definition);
  const substitutions = DefinitionSubstitutions as Record<string, unknown>;
  return text.replace(/\$\{([^}]+)\}/g, (placeholder, key: string) =>
    Object.hasOwn(substitutions, key) ? String(substitutions[key]) : placeholder,
  );
}

const optional = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });
