import type { ServiceCalls } from '#sandbox/core/calls.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { checkProperties, checkTypes } from './check.ts';
import { StackError } from './errors.ts';
import { evaluateCondition } from './intrinsics/conditions.ts';
import { resolve } from './intrinsics/resolve.ts';
import type { Scope } from './intrinsics/scope.ts';
import { creationOrder } from './order.ts';
import { resolveParameters } from './parameters.ts';
import { resourceTypes } from './resources/index.ts';
import type { CreatedResource, Properties } from './resources/resource-type.ts';
import { checkTemplate, parseTemplate, type Template } from './template.ts';

export interface DeployOptions {
  services: ServiceCalls;
  /** A template, or its JSON or YAML text. */
  template: Template | string;
  /** Where the packages lie that functions name by S3 key: `.serverless`. */
  assetsDirectory: string;
  parameters?: Record<string, string>;
  /** Exports of other stacks, for Fn::ImportValue. */
  exports?: Record<string, unknown>;
  stackName?: string;
}

export interface StackResource {
  type: string;
  physicalId: string;
  attributes: Properties;
}

export interface Stack {
  stackName: string;
  stackId: string;
  resources: Record<string, StackResource>;
  outputs: Record<string, unknown>;
  /** This stack's exports by name. */
  exports: Record<string, unknown>;
  /** What the template declares and this machine only takes note of: whole resources, or properties. */
  recorded: { logicalId: string; type: string; property?: string }[];
  /** Deletes the resources in reverse order, but for those with DeletionPolicy Retain. */
  delete(): Promise<void>;
  /** Leaves the resources to the services that hold them: they end with the sandbox. */
  close(): Promise<void>;
}

type Created = Map<string, CreatedResource & { type: string; retain: boolean }>;

/** Creates the resources of a CloudFormation template by calling the sandbox's services, dependencies first. */
export async function deployStack(context: SandboxContext, options: DeployOptions): Promise<Stack> {
  const template =
    typeof options.template === 'string' ? parseTemplate(options.template) : checkTemplate(options.template);
  const stackName = options.stackName ?? 'landfall';
  const stackId = `arn:aws:cloudformation:${context.region}:${context.accountId}:stack/${stackName}/${context.random.uuid()}`;
  const created: Created = new Map();
  const scope = createScope(context, template, options, created, { stackName, stackId });
  const active = activeResources(template, scope);
  checkTypes(template, active);
  const order = creationOrder(template, active);
  const recorded: Stack['recorded'] = [];

  for (const logicalId of order) {
    try {
      await createResource(context, { template, options, scope, created, stackName, recorded }, logicalId);
    } catch (error) {
      await removeAll(created).catch((failure) => context.debug(`stack: rollback: ${failure}`));
      throw asStackError(error, logicalId, template);
    }
  }

  const { outputs, exports } = resolveOutputs(template, scope);
  const resources = [...created].map(
    ([logicalId, { type, physicalId, attributes = {} }]): [string, StackResource] => [
      logicalId,
      { type, physicalId, attributes },
    ],
  );
  return {
    stackName,
    stackId,
    resources: Object.fromEntries(resources),
    outputs,
    exports,
    recorded,
    delete: () => removeAll(created, (resource) => !resource.retain),
    close: async () => {},
  };
}

interface Deployment {
  template: Template;
  options: DeployOptions;
  scope: Scope;
  created: Created;
  stackName: string;
  recorded: Stack['recorded'];
}

async function createResource(
  context: SandboxContext,
  deployment: Deployment,
  logicalId: string,
): Promise<void> {
  const { template, options, scope, created, stackName, recorded } = deployment;
  const { Type: type, Properties = {}, DeletionPolicy } = template.Resources[logicalId]!;
  const resourceType = resourceTypes[type]!;
  const properties = resolve(Properties, scope) as Properties;
  recorded.push(...checkProperties(logicalId, type, resourceType, properties));
  const resource = await resourceType.create({
    logicalId,
    properties,
    services: options.services,
    context,
    stackName,
    assetsDirectory: options.assetsDirectory,
    generatedName: (length) =>
      generatedName(stackName, logicalId, context.random.hex(12).toUpperCase(), length),
  });
  created.set(logicalId, { ...resource, type, retain: DeletionPolicy === 'Retain' });
  context.debug(`stack: ${logicalId} (${type}) is ${resource.physicalId}`);
}

function createScope(
  context: SandboxContext,
  template: Template,
  options: DeployOptions,
  created: Created,
  stack: { stackName: string; stackId: string },
): Scope {
  return {
    parameters: {
      ...resolveParameters(template, options.parameters ?? {}),
      'AWS::AccountId': context.accountId,
      'AWS::Region': context.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.stackName,
      'AWS::StackId': stack.stackId,
      'AWS::NotificationARNs': [],
    },
    mappings: template.Mappings ?? {},
    conditions: template.Conditions ?? {},
    exports: options.exports ?? {},
    region: context.region,
    ref: (logicalId) => created.get(logicalId)?.physicalId,
    attribute: (logicalId, name) => created.get(logicalId)?.attributes?.[name],
  };
}

function activeResources(template: Template, scope: Scope): Set<string> {
  const active = new Set<string>();
  for (const [logicalId, { Condition }] of Object.entries(template.Resources)) {
    try {
      if (Condition === undefined || evaluateCondition({ Condition }, scope, resolve)) active.add(logicalId);
    } catch (error) {
      throw asStackError(error, logicalId, template);
    }
  }
  return active;
}

function resolveOutputs(template: Template, scope: Scope): Pick<Stack, 'outputs' | 'exports'> {
  const outputs: Record<string, unknown> = {};
  const exports: Record<string, unknown> = {};
  for (const [name, { Value, Condition, Export }] of Object.entries(template.Outputs ?? {})) {
    try {
      if (Condition !== undefined && !evaluateCondition({ Condition }, scope, resolve)) continue;
      outputs[name] = resolve(Value, scope);
      if (Export !== undefined) exports[String(resolve(Export.Name, scope))] = outputs[name];
    } catch (error) {
      throw new StackError(`Output ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
  return { outputs, exports };
}

async function removeAll(
  created: Created,
  wanted: (resource: { retain: boolean }) => boolean = () => true,
): Promise<void> {
  for (const [logicalId, resource] of [...created].reverse()) {
    if (!wanted(resource)) continue;
    await resource.remove?.();
    created.delete(logicalId);
  }
}

function asStackError(error: unknown, logicalId: string, template: Template): StackError {
  if (error instanceof StackError) return error;
  const resourceType = template.Resources[logicalId]?.Type ?? '';
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const reason = name === 'Error' ? message : `${name}: ${message}`;
  return new StackError(`${logicalId} (${resourceType}) could not be created: ${reason}`, {
    logicalId,
    resourceType,
    cause: error,
  });
}

function generatedName(stackName: string, logicalId: string, random: string, maximumLength: number): string {
  const room = maximumLength - random.length - 2;
  const stack = stackName.slice(0, Math.max(1, room - logicalId.length));
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${random}`;
}
