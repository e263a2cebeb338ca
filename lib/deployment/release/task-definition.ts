import * as z from 'zod';
import type { Release } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { pinnedImageOf } from './release.ts';

/** The tag of the seed's push.sh that stands for "the image of this release". */
const PLACEHOLDER_TAG = 'LAST_COMMIT';

const Container = z.looseObject({
  name: z.string().min(1),
  image: z.string().min(1),
  essential: z.boolean().optional(),
  cpu: z.number().optional(),
  memory: z.number().optional(),
  memoryReservation: z.number().optional(),
  portMappings: z
    .array(
      z.looseObject({
        containerPort: z.number().optional(),
        hostPort: z.number().optional(),
        protocol: z.string().optional(),
      }),
    )
    .optional(),
  secrets: z.array(z.looseObject({ name: z.string(), valueFrom: z.string() })).optional(),
  logConfiguration: z
    .looseObject({ logDriver: z.string(), options: z.record(z.string(), z.string()).optional() })
    .optional(),
});

/**
 * A task definition as `aws ecs register-task-definition --cli-input-json` takes it. Loose: what Landfall does not
 * look at passes through to ECS, which is the authority on it.
 */
export const TaskDefinitionTemplate = z.looseObject({
  family: z.string().min(1),
  containerDefinitions: z.array(Container).min(1),
  cpu: z.string().optional(),
  memory: z.string().optional(),
  networkMode: z.string().optional(),
  taskRoleArn: z.string().optional(),
  executionRoleArn: z.string().optional(),
});
export type TaskDefinitionTemplate = z.infer<typeof TaskDefinitionTemplate>;

const hasPlaceholder = (image: string) => image.endsWith(`:${PLACEHOLDER_TAG}`);

/**
 * The template with the release's image pinned by digest: in every container tagged LAST_COMMIT, or, where none is,
 * in the container that the settings name. Fails with ContainerNotFound.
 */
export function renderTaskDefinition(
  template: TaskDefinitionTemplate,
  release: Pick<Release, 'image' | 'digest'>,
  container: string,
): TaskDefinitionTemplate {
  const containers = template.containerDefinitions;
  const placeholders = containers.filter((each) => hasPlaceholder(each.image)).map((each) => each.name);
  const targets =
    placeholders.length > 0
      ? placeholders
      : containers.filter((each) => each.name === container).map((each) => each.name);
  if (targets.length === 0) {
    const names = containers.map((each) => each.name).join(', ');
    throw new DeploymentError(
      'ContainerNotFound',
      `${template.family} has ${names}, none of them "${container}" and none tagged ${PLACEHOLDER_TAG}`,
    );
  }
  const image = pinnedImageOf(release);
  return {
    ...template,
    containerDefinitions: containers.map((each) => (targets.includes(each.name) ? { ...each, image } : each)),
  };
}

/** Members of a described task definition that ECS adds and registration does not take. */
const ADDED_BY_ECS = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
];

/** A described task definition as a template again: what a deployment without a bundle starts from. */
export function templateOf(described: Record<string, unknown>): TaskDefinitionTemplate {
  return TaskDefinitionTemplate.parse(
    Object.fromEntries(
      Object.entries(described).filter(([key, value]) => !ADDED_BY_ECS.includes(key) && value !== undefined),
    ),
  );
}

/**
 * Whether registering the template would make a revision identical to the described one. ECS fills in defaults
 * (cpu 0, empty lists, protocol tcp) and answers lists such as environment in an order of its own.
 */
export function isSameTaskDefinition(
  template: TaskDefinitionTemplate,
  described: Record<string, unknown>,
): boolean {
  return (
    JSON.stringify(normalizeTaskDefinition(template)) ===
    JSON.stringify(normalizeTaskDefinition(templateOf(described)))
  );
}

/** A task definition without ECS's defaults and in one order: two that mean the same look the same. */
export function normalizeTaskDefinition({ tags: _, ...template }: TaskDefinitionTemplate): unknown {
  // Tags are no part of a revision as ECS describes it.
  return normalize(template);
}

const DEFAULTS: Record<string, unknown> = {
  cpu: 0,
  hostPort: 0,
  protocol: 'tcp',
  essential: true,
  networkMode: 'bridge',
};

/** Members whose keys are the application's own words, not those of ECS. */
const MAPS = new Set(['dockerLabels', 'options', 'driverOpts', 'labels']);

function normalize(value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalize(item));
    const isNamed = items.every((item) => typeof item === 'object' && item !== null && 'name' in item);
    return isNamed
      ? items.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)))
      : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .map(([key, member]) => [key, normalize(member, MAPS.has(key))] as const)
    .filter(([key, member]) => isMap || !isDefault(key, member));
  return Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function isDefault(key: string, member: unknown): boolean {
  if (member === undefined || member === null) return true;
  if (Array.isArray(member)) return member.length === 0;
  if (typeof member === 'object') return Object.keys(member).length === 0;
  return Object.hasOwn(DEFAULTS, key) && DEFAULTS[key] === member;
}

/** Names of the roles that a task of this definition runs with. */
export const rolesOf = (template: TaskDefinitionTemplate) =>
  [template.taskRoleArn, template.executionRoleArn].filter((role) => role !== undefined).map(roleNameOf);

/** `arn:aws:iam::123456789012:role/path/name` → `path/name`; ECS takes a bare name too. */
const roleNameOf = (role: string) => role.split(':role/').at(-1) ?? role;

/** A bundle may only register its own service's family. Fails with BundleUnreadable. */
export function assertFamily(template: TaskDefinitionTemplate, family: string): TaskDefinitionTemplate {
  if (template.family === family) return template;
  throw new DeploymentError(
    'BundleUnreadable',
    `the task definition's family is ${template.family}, and services.yml allows ${family}`,
  );
}

/** ARNs and names of the secrets and parameters that ECS injects at start. */
export const secretsOf = (template: TaskDefinitionTemplate) => [
  ...new Set(
    template.containerDefinitions.flatMap((each) => (each.secrets ?? []).map((secret) => secret.valueFrom)),
  ),
];
