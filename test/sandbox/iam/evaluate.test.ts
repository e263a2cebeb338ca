import { describe, expect, it } from '@jest/globals';
import { evaluate, trusts } from '#sandbox/iam/evaluate.ts';
import { matchesArn, matchesPattern } from '#sandbox/iam/patterns.ts';
import { parsePolicy } from '#sandbox/iam/policy.ts';
import type { Statement } from '#sandbox/iam/policy-document.ts';
import { fc } from '#test/support/property.ts';

const service = 'arn:aws:ecs:eu-west-1:111122223333:service/production/webapp';

function ask(
  statements: Partial<Statement>[],
  question: { action?: string; resource?: string; keys?: object } = {},
) {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement })) as Statement[];
  const { action = 'ecs:UpdateService', resource = service, keys = {} } = question;
  return evaluate([{ Version: '2012-10-17', Statement }], { action, resource, keys: keys as never });
}

describe('evaluation', () => {
  it.each<[string, Partial<Statement>[], string]>([
    ['nothing allows it', [], 'implicitDeny'],
    ['the action and resource are named', [{ Action: 'ecs:UpdateService', Resource: service }], 'allowed'],
    ['the action is written in another case', [{ Action: 'ECS:updateservice', Resource: '*' }], 'allowed'],
    [
      'wildcards fit',
      [{ Action: 'ecs:Upd?te*', Resource: 'arn:aws:ecs:*:*:service/production/*' }],
      'allowed',
    ],
    ['another resource is named', [{ Action: '*', Resource: `${service}-other` }], 'implicitDeny'],
    [
      'a wildcard would have to cross into the account',
      [{ Action: '*', Resource: 'arn:aws:ecs:*:service/production/webapp' }],
      'implicitDeny',
    ],
    ['the ARN is incomplete', [{ Action: '*', Resource: 'arn:aws:ecs' }], 'allowed'],
    ['it is not among the excluded actions', [{ NotAction: ['iam:*', 's3:*'], Resource: '*' }], 'allowed'],
    ['it is among the excluded actions', [{ NotAction: 'ecs:Update*', Resource: '*' }], 'implicitDeny'],
    ['it is among the excluded resources', [{ Action: '*', NotResource: [service] }], 'implicitDeny'],
    [
      'one statement denies it',
      [
        { Effect: 'Deny', Action: 'ecs:*', Resource: '*' },
        { Action: '*', Resource: '*' },
      ],
      'explicitDeny',
    ],
  ])('decides where %s', (_, statements, verdict) => {
    expect(ask(statements)).toBe(verdict);
  });

  it('lets no order of statements and no further Allow overrule a Deny', () => {
    const statement = fc.record({
      Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Deny'),
      Action: fc.constantFrom('*', 'ecs:*', 'ecs:UpdateService', 'iam:*'),
      Resource: fc.constantFrom('*', service, 'arn:aws:s3:::bucket'),
    });
    const deny: Statement = { Effect: 'Deny', Action: 'ecs:UpdateService', Resource: service };

    fc.assert(
      fc.property(fc.array<Statement>(statement), fc.nat(), (statements: Statement[], position) => {
        const index = position % (statements.length + 1);
        expect(ask(statements.toSpliced(index, 0, deny))).toBe('explicitDeny');
        expect(ask(statements.toReversed())).toBe(ask(statements));
      }),
    );
  });
});

describe('patterns', () => {
  it('fit every text of which they hide some part behind a wildcard', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter((value) => !/[*?$]/.test(value));
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (whole, a, b) => {
        const [from, to] = [a % whole.length, b % (whole.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const pattern = `${whole.slice(0, from)}*${whole.slice(to)}`;
        expect(matchesPattern(pattern, whole)).toBe(true);
        expect(matchesPattern(whole, whole)).toBe(true);
        expect(matchesPattern(whole, `${whole}x`)).toBe(false);
      }),
    );
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is how policy variables are written
  it.each([
    ['arn:aws:s3:::home/${aws:userid}/*', 'arn:aws:s3:::home/AROA:me/file', true],
    ['arn:aws:s3:::home/${aws:userid}/*', 'arn:aws:s3:::home/AROA:you/file', false],
    ['arn:aws:s3:::home/${aws:unknown}/*', 'arn:aws:s3:::home//file', false],
    ["arn:aws:s3:::home/${aws:unknown, 'all'}/*", 'arn:aws:s3:::home/all/file', true],
    ['arn:aws:s3:::home/${*}/x', 'arn:aws:s3:::home/*/x', true],
    ['arn:aws:s3:::home/${*}/x', 'arn:aws:s3:::home/y/x', false],
    ['arn:aws:s3:::home/${wild}', 'arn:aws:s3:::home/anything', false],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: from here on nothing is
  ])('%s against %s: %s', (pattern, arn, matches) => {
    expect(matchesArn(pattern, arn, { 'aws:userid': 'AROA:me', wild: '*' })).toBe(matches);
  });
});

describe('conditions', () => {
  const keys = {
    'ecs:cluster': 'arn:aws:ecs:eu-west-1:111122223333:cluster/production',
    'iam:passedtoservice': 'ecs-tasks.amazonaws.com',
    'aws:tagkeys': ['team', 'cost'],
    'aws:securetransport': 'false',
    'aws:sourceip': '10.1.2.3',
    'aws:currenttime': '2026-01-01T12:00:00Z',
    's3:max-keys': '10',
  };

  it.each<[Statement['Condition'], boolean]>([
    [{ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }, true],
    [{ StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'ec2.amazonaws.com'] } }, false],
    [{ StringEqualsIgnoreCase: { 'iam:PassedToService': 'ECS-Tasks.amazonaws.com' } }, true],
    [{ StringLike: { 'iam:PassedToService': 'ecs*' } }, true],
    [{ StringNotLike: { 'iam:PassedToService': 'ecs*' } }, false],
    [{ ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/production' } }, true],
    [{ ArnLike: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/staging' } }, false],
    [{ ArnNotEquals: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/staging' } }, true],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, false],
    [{ Bool: { 'aws:SecureTransport': false } }, true],
    [{ NumericLessThanEquals: { 's3:max-keys': 10 } }, true],
    [{ NumericGreaterThan: { 's3:max-keys': '10' } }, false],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-01-01T12:00:01Z' } }, true],
    [{ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.168.0.0/16'] } }, true],
    [{ NotIpAddress: { 'aws:SourceIp': '10.1.2.3' } }, false],
    [{ Null: { 'aws:MultiFactorAuthAge': 'true' } }, true],
    [{ Null: { 'ecs:cluster': 'true' } }, false],
    [{ StringEquals: { 'aws:Missing': 'x' } }, false],
    [{ StringNotEquals: { 'aws:Missing': 'x' } }, true],
    [{ StringEqualsIfExists: { 'aws:Missing': 'x' } }, true],
    [{ StringEqualsIfExists: { 'iam:PassedToService': 'x' } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost', 'more'] } }, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:Missing': 'x' } }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:Missing': 'x' } }, false],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['team'] } }, true],
    [{ StringEquals: { 'ecs:cluster': 'x' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{ StringSounds: { 'ecs:cluster': 'x' } }, false],
  ])('%j: %s', (Condition, holds) => {
    expect(ask([{ Action: '*', Resource: '*', Condition }], { keys })).toBe(
      holds ? 'allowed' : 'implicitDeny',
    );
  });
});

describe('trust policies', () => {
  const trust = (Principal: unknown, more = {}) =>
    parsePolicy(
      JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more } }),
      'trust',
    );
  const lambda = { type: 'Service' as const, name: 'lambda.amazonaws.com', accountId: '111122223333' };
  const session = {
    type: 'AWS' as const,
    name: 'arn:aws:sts::111122223333:assumed-role/deployer/me',
    accountId: '111122223333',
  };

  it('name services, accounts, roles and everybody', () => {
    expect(trusts(trust({ Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] }), lambda)).toBe(true);
    expect(trusts(trust({ Service: 'ec2.amazonaws.com' }), lambda)).toBe(false);
    expect(trusts(trust({ AWS: 'arn:aws:iam::111122223333:role/path/deployer' }), session)).toBe(true);
    expect(trusts(trust({ AWS: 'arn:aws:iam::111122223333:role/other' }), session)).toBe(false);
    expect(trusts(trust({ AWS: 'arn:aws:iam::111122223333:root' }), session)).toBe(true);
    expect(trusts(trust({ AWS: '999999999999' }), session)).toBe(false);
    expect(trusts(trust('*'), session)).toBe(true);
  });

  it('may ask for an external id', () => {
    const policy = trust({ AWS: '*' }, { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } });

    expect(trusts(policy, session, { 'sts:externalid': 'secret' })).toBe(true);
    expect(trusts(policy, session)).toBe(false);
  });
});

describe('policy documents', () => {
  it.each([
    ['no JSON', 'This policy contains invalid Json'],
    ['{"Version":"2020-01-01","Statement":[]}', 'The policy must contain a valid version string'],
    ['{"Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}', /Effect/],
    ['{"Statement":{"Effect":"Allow","Resource":"*"}}', 'Policy statement must contain actions.'],
    ['{"Statement":{"Effect":"Allow","Action":"*"}}', 'Policy statement must contain resources.'],
    ['{"Statement":{"Effect":"Allow","Action":"Update","Resource":"*"}}', /prefaced by a vendor/],
    [
      '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringSounds":{"a":"b"}}}}',
      'Invalid Condition type : StringSounds.',
    ],
    [
      '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}',
      'Policy document should not specify a principal.',
    ],
  ])('are refused: %s', (text, message) => {
    expect(() => parsePolicy(text, 'identity')).toThrow(message);
  });
});
