import { describe, expect, it } from '@jest/globals';
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
import { DIGEST, failureOf, release, revision } from '../fixtures.ts';
import { container, example, template } from './templates.ts';

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
