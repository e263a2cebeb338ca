import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './support/wiring.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** The compiled template: what would be deployed. */
const { Resources } = JSON.parse(
  readFileSync(join(root, '.serverless', 'cloudformation-template-update-stack.json'), 'utf8'),
) as { Resources: Record<string, Resource> };

const ofType = (type: string) => Object.entries(Resources).filter(([, each]) => each.Type === type);

describe('the roles', () => {
  const roles = ofType('AWS::IAM::Role');

  it('are named by CloudFormation: stage, function and Region together may be longer than a role name', () => {
    const own = roles.filter(([, { Properties }]) => typeof Properties.RoleName === 'string');

    expect(roles.length).toBeGreaterThan(25);
    expect(own).toEqual([]);
    for (const [, { Properties }] of roles)
      expect([undefined, { Ref: 'AWS::NoValue' }]).toContainEqual(Properties.RoleName);
  });

  it('all have somebody who takes them', () => {
    const text = JSON.stringify(Resources);

    expect(roles.map(([id]) => id).filter((id) => !text.includes(`{"Fn::GetAtt":["${id}","Arn"]}`))).toEqual(
      [],
    );
  });
});
