import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compilePattern } from '#sandbox/events/patterns/compile.ts';

const matches = (pattern: unknown, event: unknown) => compilePattern(JSON.stringify(pattern))(event);

const samples = new URL('../../events/', import.meta.url);
const sample = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, samples), 'utf8'));

describe('event patterns', () => {
  it.each<[string, unknown, unknown[], unknown[]]>([
    // What is compared, the pattern of the field, values that match, values that do not.
    ['literals by value and type', ['a', 1, true], ['a', 1, true], ['A', '1', 'true', false, null]],
    ['null', [null], [null], ['null', 0, '', undefined]],
    ['the empty text', [''], [''], [null, undefined, ' ']],
    ['prefix', [{ prefix: 'us-' }], ['us-east-1', 'us-'], ['eu-us-', 'US-1', 1]],
    [
      'prefix, whatever the case',
      [{ prefix: { 'equals-ignore-case': 'EventB' } }],
      ['eventbridge', 'EVENTB'],
      ['even'],
    ],
    ['suffix', [{ suffix: '.png' }], ['a.png'], ['a.PNG', '.png ']],
    ['suffix, whatever the case', [{ suffix: { 'equals-ignore-case': '.png' } }], ['a.PNG', '.png'], ['png']],
    ['equals-ignore-case', [{ 'equals-ignore-case': 'alice' }], ['ALICE', 'alice'], ['alic']],
    [
      'anything-but a text',
      [{ 'anything-but': 'initializing' }],
      ['running', 1, true, null],
      ['initializing', undefined],
    ],
    ['anything-but a number', [{ 'anything-but': 123 }], [124, '123'], [123, undefined]],
    ['anything-but a list', [{ 'anything-but': ['a', 'b'] }], ['c', 1], ['a', 'b']],
    ['anything-but a list of numbers', [{ 'anything-but': [1, 2] }], [3, '1'], [1, 2]],
    [
      'anything-but prefix',
      [{ 'anything-but': { prefix: 'init' } }],
      ['x', 'xinit'],
      ['init', 'initial', undefined],
    ],
    ['anything-but prefixes', [{ 'anything-but': { prefix: ['a', 'b'] } }], ['c'], ['ax', 'bx']],
    ['anything-but suffix', [{ 'anything-but': { suffix: '.rb' } }], ['a.py'], ['a.rb']],
    ['anything-but suffixes', [{ 'anything-but': { suffix: ['.rb', '.py'] } }], ['a.js'], ['a.rb', 'a.py']],
    [
      'anything-but equals-ignore-case',
      [{ 'anything-but': { 'equals-ignore-case': ['One', 'two'] } }],
      ['three'],
      ['ONE', 'Two'],
    ],
    ['anything-but wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], ['a/b'], ['a/lib/b']],
    ['anything-but wildcards', [{ 'anything-but': { wildcard: ['*a', 'b*'] } }], ['c'], ['xa', 'bx']],
    ['numeric equality', [{ numeric: ['=', 300.5] }], [300.5, 3.005e2], [300, '300.5']],
    ['numeric range', [{ numeric: ['>', 0, '<=', 5] }], [0.001, 5], [0, 5.001, '3']],
    ['numeric bounds', [{ numeric: ['<', -1] }, { numeric: ['>=', 10] }], [-2, 10], [-1, 9]],
    ['exists', [{ exists: true }], ['x', null, 0, false, ''], [undefined, { inner: 1 }]],
    ['absence', [{ exists: false }], [undefined], ['x', null, 0, false]],
    ['IPv4 blocks', [{ cidr: '10.0.0.0/24' }], ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', '10.0.0', '::1', 10]],
    [
      'IPv6 blocks',
      [{ cidr: '2001:db8::/32' }],
      ['2001:db8::1', '2001:db8:ffff::'],
      ['2001:db9::', '10.0.0.1'],
    ],
    ['wildcard', [{ wildcard: 'dir/*.png' }], ['dir/.png', 'dir/a/b.png'], ['dir/a.pngx', 'xdir/a.png']],
    ['wildcards with escapes', [{ wildcard: 'a\\*b\\\\*' }], ['a*b\\', 'a*b\\c'], ['axb\\', 'a*bc']],
    [
      'characters that mean something elsewhere',
      [{ wildcard: 'a.b+(c)[d]*' }],
      ['a.b+(c)[d]!'],
      ['axb+(c)[d]'],
    ],
    ['one of several', [{ prefix: 'a' }, 'b', { exists: false }], ['ax', 'b', undefined], ['c']],
  ])('compares %s', (_, field, yes, no) => {
    const event = (value: unknown) => ({ detail: value === undefined ? { other: 1 } : { field: value } });

    expect(yes.filter((value) => !matches({ detail: { field } }, event(value)))).toEqual([]);
    expect(no.filter((value) => matches({ detail: { field } }, event(value)))).toEqual([]);
  });

  it('matches arrays where any element matches, and through arrays of objects', () => {
    const event = {
      tags: ['a', ['b']],
      empty: [],
      containers: [
        { name: 'web', exitCode: 0 },
        { name: 'migrate', exitCode: 1 },
      ],
    };

    expect(matches({ tags: ['b', 'x'] }, event)).toBe(true);
    expect(matches({ tags: ['x'] }, event)).toBe(false);
    expect(matches({ tags: [{ 'anything-but': 'a' }] }, event)).toBe(true);
    expect(matches({ containers: { exitCode: [{ 'anything-but': 0 }] } }, event)).toBe(true);
    expect(matches({ containers: { exitCode: [{ numeric: ['>', 1] }] } }, event)).toBe(false);
    expect(matches({ containers: { reason: [{ exists: false }] } }, event)).toBe(true);
    expect(matches({ empty: [{ exists: true }] }, event)).toBe(false);
  });

  it('wants one object of an array to match all fields, and absence to hold for all of them', () => {
    const event = {
      containers: [
        { name: 'web', exitCode: 0 },
        { name: 'migrate', exitCode: 1, reason: 'failed' },
      ],
    };

    expect(matches({ containers: { name: ['migrate'], exitCode: [1] } }, event)).toBe(true);
    expect(matches({ containers: { name: ['web'], exitCode: [1] } }, event)).toBe(false);
    expect(matches({ containers: { name: ['web'], reason: [{ exists: false }] } }, event)).toBe(false);
  });

  it('asks for every field, and for one alternative of $or', () => {
    const pattern = {
      source: ['s'],
      $or: [{ detail: { a: [1] } }, { detail: { b: [2], $or: [{ c: [3] }, { d: [4] }] } }],
    };

    expect(matches(pattern, { source: 's', detail: { a: 1 } })).toBe(true);
    expect(matches(pattern, { source: 's', detail: { b: 2, d: 4 } })).toBe(true);
    expect(matches(pattern, { source: 's', detail: { b: 2 } })).toBe(false);
    expect(matches(pattern, { source: 't', detail: { a: 1 } })).toBe(false);
  });

  it('sees an absent branch as absent', () => {
    expect(matches({ detail: { a: { b: [{ exists: false }] } } }, { detail: {} })).toBe(true);
    expect(matches({ detail: { a: { b: ['x'] } } }, { detail: { a: 'x' } })).toBe(false);
  });

  it.each<[string, unknown]>([
    ['an empty pattern', {}],
    ['an empty object', { detail: {} }],
    ['an empty array', { source: [] }],
    ['a value that is no array', { source: 'aws.ecs' }],
    ['an unknown operator', { source: [{ sounds: 'like' }] }],
    ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }],
    ['an array in an array', { source: [['a']] }],
    ['an empty prefix', { source: [{ prefix: '' }] }],
    ['a prefix that is no text', { source: [{ prefix: 1 }] }],
    ['a mixed anything-but', { a: [{ 'anything-but': ['a', 1] }] }],
    ['anything-but null', { a: [{ 'anything-but': null }] }],
    ['an unknown nested operator', { a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }],
    ['exists of a text', { a: [{ exists: 'yes' }] }],
    ['a numeric without a number', { a: [{ numeric: ['>', '1'] }] }],
    ['a numeric with an unknown comparison', { a: [{ numeric: ['!=', 1] }] }],
    ['an empty numeric range', { a: [{ numeric: ['>', 5, '<', 1] }] }],
    ['a reversed numeric range', { a: [{ numeric: ['<', 5, '>', 1] }] }],
    ['a malformed block', { a: [{ cidr: '10.0.0/8' }] }],
    ['too long a block', { a: [{ cidr: '10.0.0.0/33' }] }],
    ['two wildcards in a row', { a: [{ wildcard: 'a**' }] }],
    ['an unknown escape', { a: [{ wildcard: 'a\\b' }] }],
    ['$or with one alternative', { $or: [{ a: [1] }] }],
  ])('refuses %s', (_, pattern) => {
    expect(() => matches(pattern, {})).toThrow(/^Event pattern is not valid\. Reason: /);
  });

  it('refuses what is no JSON', () => {
    expect(() => compilePattern('{')).toThrow(
      expect.objectContaining({ code: 'InvalidEventPatternException' }),
    );
  });
});

describe('captured events', () => {
  const patterns: Record<string, unknown> = {
    'codebuild-build-state-change.merged': {
      source: ['aws.codebuild'],
      detail: { 'build-status': ['SUCCEEDED'], 'project-name': [{ prefix: 'my-' }] },
    },
    'ecs-deployment-completed': {
      source: ['aws.ecs'],
      'detail-type': ['ECS Deployment State Change'],
      detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED'] },
    },
    'ecs-deployment-failed': { detail: { eventName: [{ suffix: '_FAILED' }], eventType: ['ERROR'] } },
    'ecs-deployment-in-progress': { detail: { reason: [{ wildcard: 'ECS deployment * in progress.' }] } },
    'ecs-deployment-rollback': { detail: { reason: [{ wildcard: '*rolling back to*' }] } },
    'ecs-service-action-placement-failure': {
      'detail-type': ['ECS Service Action'],
      detail: { reason: [{ prefix: 'RESOURCE:' }] },
    },
    'ecs-service-action-steady': {
      detail: { eventName: ['SERVICE_STEADY_STATE'], reason: [{ exists: false }] },
    },
    'ecs-task-stopped': {
      detail: {
        lastStatus: ['STOPPED'],
        containers: { exitCode: [{ 'anything-but': 0 }] },
        version: [{ numeric: ['>', 1] }],
      },
    },
    'sfn-execution-status-change-failed': {
      detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], output: [null], redriveCount: [0] },
    },
  };

  it('are each matched by their own pattern and by no other', () => {
    const names = readdirSync(samples).map((file) => file.replace('.json', ''));
    const matched = Object.entries(patterns).map(([name, pattern]) => [
      name,
      names.filter((other) => name in patterns && matches(pattern, sample(other))),
    ]);

    expect(matched).toEqual(Object.keys(patterns).map((name) => [name, [name]]));
  });
});
