import { describe, expect, it } from '@jest/globals';
import { createSecrets } from '#sandbox/secretsmanager/secrets.ts';
import { administrator, bareContext } from '../support/bare-context.ts';

function stage() {
  const secrets = createSecrets(bareContext());
  const [secretsManager, ssm] = secrets.definitions;
  const caller = (definition: typeof ssm) => async (operation: string, input: object) =>
    await definition?.operations[operation]?.(input, administrator);
  return { secrets, secret: caller(secretsManager), parameter: caller(ssm), ssm, secretsManager };
}

describe('Secrets Manager', () => {
  it('keeps the current and the previous version of a secret', async () => {
    const { secret } = stage();
    const { ARN } = await secret('CreateSecret', { Name: 'webapp/database', SecretString: 'first' });
    await secret('PutSecretValue', { SecretId: 'webapp/database', SecretString: 'second' });

    const current = await secret('GetSecretValue', { SecretId: ARN });
    const previous = await secret('GetSecretValue', {
      SecretId: ARN.slice(0, -7),
      VersionStage: 'AWSPREVIOUS',
    });

    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:us-east-1:123456789012:secret:webapp\/database-[A-Za-z0-9]{6}$/,
    );
    expect([current.SecretString, previous.SecretString]).toEqual(['second', 'first']);
  });

  it('does not read a secret that is marked for deletion until it is restored', async () => {
    const { secret } = stage();
    await secret('CreateSecret', { Name: 's', SecretString: 'value' });
    await secret('DeleteSecret', { SecretId: 's' });

    await expect(secret('GetSecretValue', { SecretId: 's' })).rejects.toMatchObject({
      code: 'InvalidRequestException',
    });
    await secret('RestoreSecret', { SecretId: 's' });
    expect((await secret('GetSecretValue', { SecretId: 's' })).SecretString).toBe('value');
    await secret('DeleteSecret', { SecretId: 's', ForceDeleteWithoutRecovery: true });
    await expect(secret('DescribeSecret', { SecretId: 's' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('the Parameter Store', () => {
  it('versions parameters and shows a SecureString in plain text only when asked', async () => {
    const { parameter } = stage();
    const put = (Value: string, more: object = {}) =>
      parameter('PutParameter', { Name: '/webapp/key', Type: 'SecureString', Value, ...more });
    await put('one');

    await expect(put('two')).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
    const { Version } = await put('two', { Overwrite: true });
    const get = async (Name: string, WithDecryption?: boolean) =>
      (await parameter('GetParameter', { Name, WithDecryption })).Parameter.Value;

    expect(Version).toBe(2);
    expect(await get('/webapp/key', true)).toBe('two');
    expect(await get('/webapp/key:1', true)).toBe('one');
    expect(await get('/webapp/key')).not.toContain('two');
  });

  it('finds parameters by path and names those that are not there', async () => {
    const { parameter } = stage();
    for (const Name of ['/webapp/a', '/webapp/deep/b', '/webapplike']) {
      await parameter('PutParameter', { Name, Type: 'String', Value: Name });
    }
    const names = (answer: { Parameters: { Name: string }[] }) => answer.Parameters.map(({ Name }) => Name);

    const flat = await parameter('GetParametersByPath', { Path: '/webapp' });
    const deep = await parameter('GetParametersByPath', { Path: '/webapp/', Recursive: true });
    const some = await parameter('GetParameters', { Names: ['/webapp/a', '/nothing'] });

    expect([names(flat), names(deep)]).toEqual([['/webapp/a'], ['/webapp/a', '/webapp/deep/b']]);
    expect(some.InvalidParameters).toEqual(['/nothing']);
  });
});

describe('resolving what a container definition names', () => {
  it('reads secrets, members of them, earlier stages, and parameters by name or ARN', async () => {
    const { secrets, secret, parameter } = stage();
    const { ARN } = await secret('CreateSecret', {
      Name: 'db',
      SecretString: '{"password":"old","port":5432}',
    });
    await secret('PutSecretValue', { SecretId: ARN, SecretString: '{"password":"new","port":5432}' });
    await parameter('PutParameter', { Name: '/webapp/key', Type: 'SecureString', Value: 'plain' });

    const values = [
      `${ARN}:password::`,
      `${ARN}:port::`,
      `${ARN}:password:AWSPREVIOUS:`,
      '/webapp/key',
      'arn:aws:ssm:us-east-1:123456789012:parameter/webapp/key',
    ].map((valueFrom) => secrets.resolve(valueFrom));

    expect(values).toEqual(['new', '5432', 'old', 'plain', 'plain']);
    expect(secrets.resolve(ARN)).toBe('{"password":"new","port":5432}');
  });

  it.each([
    ['arn:aws:secretsmanager:us-east-1:123456789012:secret:none-abcdef', /can't find the specified secret/],
    ['/no/such/parameter', /Invalid ssm parameters/],
  ])('fails by name for %s', (valueFrom, message) => {
    const { secrets } = stage();

    expect(() => secrets.resolve(valueFrom)).toThrow(
      expect.objectContaining({ code: 'ResourceNotFoundException', message: expect.stringMatching(message) }),
    );
  });

  it('fails by name for a key that the secret does not hold', async () => {
    const { secrets, secret } = stage();
    const { ARN } = await secret('CreateSecret', { Name: 'db', SecretString: '{"a":1}' });

    expect(() => secrets.resolve(`${ARN}:b::`)).toThrow('did not contain json key b');
  });
});

describe('authorization', () => {
  it('asks for the full ARN of a secret and for every parameter named', async () => {
    const { secret, secretsManager, ssm } = stage();
    const { ARN } = await secret('CreateSecret', { Name: 'db', SecretString: 'x' });

    expect(secretsManager?.authorize?.('GetSecretValue', { SecretId: 'db' })).toEqual([
      { action: 'secretsmanager:GetSecretValue', resources: [ARN] },
    ]);
    expect(ssm?.authorize?.('GetParameters', { Names: ['/a', 'b'] })).toEqual([
      {
        action: 'ssm:GetParameters',
        resources: [
          'arn:aws:ssm:us-east-1:123456789012:parameter/a',
          'arn:aws:ssm:us-east-1:123456789012:parameter/b',
        ],
      },
    ]);
  });
});
