import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  findPlacementProblem,
  minimumHealthyPercentOf,
  placementNeedOf,
} from '#lib/deployment/release/placement.ts';
import { renderService, ServiceTemplate } from '#lib/deployment/release/service-definition.ts';
import {
  assertFamily,
  isSameTaskDefinition,
  renderTaskDefinition,
  rolesOf,
  secretsOf,
  TaskDefinitionTemplate,
  templateOf,
} from '#lib/deployment/release/task-definition.ts';
import { fc } from '#test/support/property.ts';
import { DIGEST, failureOf, release, revision } from './fixtures.ts';

const example = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../examples/webapp/ecs/${path}`, import.meta.url), 'utf8'));

const container = (given: Record<string, unknown> = {}) => ({
  name: 'webapp',
  image: 'registry/webapp:LAST_COMMIT',
  ...given,
});

const template = (given: Record<string, unknown> = {}): TaskDefinitionTemplate =>
  TaskDefinitionTemplate.parse({ family: 'webapp', containerDefinitions: [container()], ...given });

const PINNED = `123456789012.dkr.ecr.us-east-1.amazonaws.com/webapp@${DIGEST}`;
const images = (of: TaskDefinitionTemplate) => of.containerDefinitions.map((each) => each.image);

describe('renderTaskDefinition', () => {
  it("pins the image of the book's template by digest and leaves everything else as it is", () => {
    const book = TaskDefinitionTemplate.parse(example('task-definitions/webapp.json'));

    const rendered = renderTaskDefinition(book, release(), 'webapp');

    expect(images(rendered)).toEqual([PINNED]);
    const [given] = book.containerDefinitions;
    expect(rendered).toEqual({ ...book, containerDefinitions: [{ ...given, image: PINNED }] });
  });

  it('puts the image into every container that is tagged LAST_COMMIT, and into no other', () => {
    const several = template({
      containerDefinitions: [
        container(),
        container({ name: 'worker' }),
        container({ name: 'proxy', image: 'nginx:1.27' }),
      ],
    });

    expect(images(renderTaskDefinition(several, release(), 'proxy'))).toEqual([PINNED, PINNED, 'nginx:1.27']);
  });

  it('falls back on the container that services.yml names where none is tagged', () => {
    const untagged = template({
      containerDefinitions: [
        container({ image: 'registry/webapp:v1' }),
        container({ name: 'proxy', image: 'nginx' }),
      ],
    });

    expect(images(renderTaskDefinition(untagged, release(), 'webapp'))).toEqual([PINNED, 'nginx']);
  });

  it('takes only the whole tag for the placeholder', () => {
    const near = template({
      containerDefinitions: [
        container({ name: 'a', image: 'registry/LAST_COMMIT' }),
        container({ name: 'b', image: 'registry/x:NOT_LAST_COMMIT' }),
        container({ name: 'c', image: 'registry/x:LAST_COMMIT_2' }),
      ],
    });

    expect(failureOf(() => renderTaskDefinition(near, release(), 'webapp')).name).toBe('ContainerNotFound');
  });

  it('names the containers that there are when none is the one', () => {
    const other = template({ containerDefinitions: [container({ name: 'api', image: 'x:v1' })] });

    expect(failureOf(() => renderTaskDefinition(other, release(), 'webapp')).message).toContain(
      'webapp has api, none of them "webapp" and none tagged LAST_COMMIT',
    );
  });

  it('is the same when rendered again, so that a retry registers nothing new', () => {
    const once = renderTaskDefinition(template(), release(), 'webapp');

    expect(renderTaskDefinition(once, release(), 'webapp')).toEqual(once);
  });
});

/** What ECS makes of a registered template: members of its own, defaults filled in, tags kept apart. */
const described = (from: TaskDefinitionTemplate, given: Record<string, unknown> = {}) => ({
  ...from,
  tags: undefined,
  taskDefinitionArn: revision(7),
  revision: 7,
  status: 'ACTIVE',
  networkMode: from.networkMode ?? 'bridge',
  requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.ecr-auth' }],
  compatibilities: ['EXTERNAL', 'EC2'],
  registeredAt: new Date(0),
  registeredBy: 'arn:aws:iam::123456789012:root',
  volumes: [],
  placementConstraints: [],
  containerDefinitions: from.containerDefinitions.map((each) => ({
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...each,
    ...(each.portMappings === undefined
      ? {}
      : { portMappings: each.portMappings.map((port) => ({ hostPort: 0, protocol: 'tcp', ...port })) }),
  })),
  ...given,
});

describe('sameTaskDefinition', () => {
  const full = template({
    tags: [{ key: 'team', value: 'web' }],
    containerDefinitions: [
      container({
        memory: 300,
        portMappings: [{ containerPort: 3000 }],
        environment: [
          { name: 'RACK_ENV', value: 'production' },
          { name: 'PORT', value: '3000' },
        ],
      }),
      container({ name: 'proxy', image: 'nginx:1.27' }),
    ],
  });

  it("recognises the book's template behind the defaults that ECS fills in", () => {
    const book = TaskDefinitionTemplate.parse(example('task-definitions/webapp.json'));

    expect(isSameTaskDefinition(book, described(book))).toBe(true);
  });

  it('does not mind in which order ECS answers named lists', () => {
    const [webapp, proxy] = full.containerDefinitions;
    const environment = [
      { name: 'PORT', value: '3000' },
      { name: 'RACK_ENV', value: 'production' },
    ];

    const answer = described({ ...full, containerDefinitions: [proxy!, { ...webapp!, environment }] });

    expect(isSameTaskDefinition(full, answer)).toBe(true);
  });

  it.each<[string, TaskDefinitionTemplate]>([
    ['another image', template({ containerDefinitions: [container({ image: 'x@sha256:1' })] })],
    ['a command', template({ containerDefinitions: [container({ command: ['node', 'server.js'] })] })],
    ['an inessential container', template({ containerDefinitions: [container({ essential: false })] })],
    ['a role', template({ taskRoleArn: 'webapp-role' })],
    ['another network mode', template({ networkMode: 'awsvpc' })],
    ['one more container', template({ containerDefinitions: [container(), container({ name: 'b' })] })],
    ['a size', template({ cpu: '256' })],
  ])('tells %s', (_, other) => {
    expect(isSameTaskDefinition(other, described(template()))).toBe(false);
    expect(isSameTaskDefinition(template(), described(other))).toBe(false);
  });

  it('tells the order of a command', () => {
    const ordered = (command: string[]) => template({ containerDefinitions: [container({ command })] });

    expect(isSameTaskDefinition(ordered(['a', 'b']), described(ordered(['b', 'a'])))).toBe(false);
  });

  it('tells labels that are named like members of ECS', () => {
    const labelled = template({
      containerDefinitions: [container({ dockerLabels: { protocol: 'tcp', tags: 'a', zone: 'b' } })],
    });
    const unlabelled = template({ containerDefinitions: [container({ dockerLabels: { zone: 'b' } })] });

    expect(isSameTaskDefinition(labelled, described(unlabelled))).toBe(false);
  });

  it('finds every template the same as what ECS makes of it, and again as its own template', () => {
    const environment = fc.array(fc.record({ name: fc.string({ minLength: 1 }), value: fc.string() }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(environment, fc.boolean(), fc.nat(), (variables, essential, cpu) => {
        const given = template({
          containerDefinitions: [container({ environment: variables, essential, cpu })],
        });
        const answer = described(given);

        expect(isSameTaskDefinition(given, answer)).toBe(true);
        expect(isSameTaskDefinition(templateOf(answer), answer)).toBe(true);
      }),
    );
  });
});

describe('templateOf', () => {
  it('leaves out what registration does not take', () => {
    expect(Object.keys(templateOf({ ...described(template()), deregisteredAt: undefined })).sort()).toEqual([
      'containerDefinitions',
      'family',
      'networkMode',
      'placementConstraints',
      'volumes',
    ]);
  });
});

describe('what a task definition needs', () => {
  it('roles are known by name, whether given as ARN, with a path or bare', () => {
    const roles = rolesOf(
      template({
        taskRoleArn: 'arn:aws:iam::123456789012:role/apps/webapp',
        executionRoleArn: 'ecsTaskExecutionRole',
      }),
    );

    expect(roles).toEqual(['apps/webapp', 'ecsTaskExecutionRole']);
  });

  it('each secret is named once', () => {
    const secrets = (valueFrom: string) => [{ name: 'PASSWORD', valueFrom }];
    const containerDefinitions = [
      container({ secrets: secrets('/webapp/password') }),
      container({ name: 'worker', secrets: secrets('/webapp/password') }),
      container({ name: 'proxy' }),
    ];

    expect(secretsOf(template({ containerDefinitions }))).toEqual(['/webapp/password']);
  });

  it("a bundle may only register its own service's family", () => {
    expect(assertFamily(template(), 'webapp')).toEqual(template());
    expect(failureOf(() => assertFamily(template(), 'payments'))).toMatchObject({
      name: 'BundleUnreadable',
      message: expect.stringContaining('family is webapp, and services.yml allows payments'),
    });
  });
});

describe('renderService', () => {
  it("creates the book's service with our revision, on the cluster and under the name of services.yml", () => {
    const book = ServiceTemplate.parse(example('services/webapp-service.json'));
    const target = { cluster: 'c', service: 's', taskDefinition: revision(7), clientToken: 't' };

    const rendered = renderService({ ...book, cluster: 'elsewhere' }, target);

    expect(rendered).toEqual({
      ...book,
      cluster: 'c',
      serviceName: 's',
      taskDefinition: revision(7),
      clientToken: 't',
    });
  });
});

describe('placement', () => {
  const need = { hostPorts: [80], cpu: 128, memory: 300 };
  const instance = { id: 'i-1', ports: [22], remainingCpu: 128, remainingMemory: 300 };
  const strict = { desiredCount: 2, minimumHealthyPercent: 100 };

  it('adds up what the containers of one task need', () => {
    const several = template({
      containerDefinitions: [
        container({ cpu: 100, memory: 300, portMappings: [{ containerPort: 3000, hostPort: 80 }] }),
        container({ name: 'proxy', cpu: 28, memory: 500, memoryReservation: 100 }),
        container({
          name: 'dynamic',
          portMappings: [{ containerPort: 1, hostPort: 0 }, { containerPort: 2 }],
        }),
      ],
    });

    expect(placementNeedOf(several)).toEqual({ hostPorts: [80], cpu: 128, memory: 400 });
  });

  it("takes the task's own size before that of its containers", () => {
    expect(placementNeedOf(template({ cpu: '256', memory: '512' }))).toMatchObject({ cpu: 256, memory: 512 });
  });

  it('needs no host port with awsvpc, where every task has an address of its own', () => {
    const ports = [{ containerPort: 80, hostPort: 80 }];

    const vpc = template({
      networkMode: 'awsvpc',
      containerDefinitions: [container({ portMappings: ports })],
    });

    expect(placementNeedOf(vpc).hostPorts).toEqual([]);
  });

  it('does not take a UDP port for the TCP port of the same number', () => {
    const ports = [{ containerPort: 53, hostPort: 53, protocol: 'udp' }];

    expect(
      placementNeedOf(template({ containerDefinitions: [container({ portMappings: ports })] })).hostPorts,
    ).toEqual([]);
  });

  it('is possible where one instance has room, however full the others are', () => {
    const full = { ...instance, id: 'i-2', ports: [80] };

    expect(findPlacementProblem(need, [full, instance], strict)).toBeUndefined();
  });

  it('tells for each instance what is missing there', () => {
    const problem = findPlacementProblem(
      need,
      [
        { ...instance, ports: [22, 80] },
        { ...instance, id: 'i-2', remainingCpu: 127 },
        { ...instance, id: 'i-3', remainingMemory: 299 },
      ],
      strict,
    );

    expect(problem).toBe(
      'i-1 already uses host port 80, i-2 has 127 of 128 CPU units left, i-3 has 299 of 300 MiB left',
    );
  });

  it('is impossible on a cluster without instances', () => {
    expect(findPlacementProblem(need, [], strict)).toBe('the cluster has no container instance');
  });

  it('is not doubted where ECS may stop an old task first', () => {
    expect(findPlacementProblem(need, [], { desiredCount: 2, minimumHealthyPercent: 50 })).toBeUndefined();
    // Half of one task is one task: ECS rounds up.
    expect(findPlacementProblem(need, [], { desiredCount: 1, minimumHealthyPercent: 50 })).toBeDefined();
    expect(findPlacementProblem(need, [], { desiredCount: 1, minimumHealthyPercent: 0 })).toBeUndefined();
  });

  it('is doubted all the same where a migration needs a place of its own first', () => {
    const service = { desiredCount: 2, minimumHealthyPercent: 0, migratesFirst: true };

    expect(findPlacementProblem(need, [], service)).toBe('the cluster has no container instance');
    expect(findPlacementProblem(need, [], { ...service, desiredCount: 0 })).toBeDefined();
  });

  it('is not doubted while tasks of a broken deployment come and go: its fix must not be refused', () => {
    const service = { ...strict, inTransition: true };

    expect(findPlacementProblem(need, [{ ...instance, ports: [80] }], service)).toBeUndefined();
    expect(findPlacementProblem(need, [{ ...instance, ports: [80] }], strict)).toBeDefined();
  });

  it('is not doubted where nothing is to run', () => {
    expect(findPlacementProblem(need, [], { desiredCount: 0, minimumHealthyPercent: 100 })).toBeUndefined();
  });

  it("takes ECS's default of 100 % where the service says nothing", () => {
    expect(minimumHealthyPercentOf({})).toBe(100);
    expect(minimumHealthyPercentOf({ deploymentConfiguration: { minimumHealthyPercent: 0 } })).toBe(0);
  });
});
