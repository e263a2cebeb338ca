import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createRds, type Rds } from '#sandbox/rds/rds.ts';
import { administrator, bareContext } from '../support/bare-context.ts';

const settings = {
  DBInstanceIdentifier: 'webapp-postgres',
  Engine: 'postgres',
  DBInstanceClass: 'db.t4g.micro',
  AllocatedStorage: 20,
  MasterUsername: 'webapp',
  MasterUserPassword: 'mysecretpassword',
  DBName: 'webapp_production',
};

let rds: Rds;
let port: number;
let statusAtFirst: string | undefined;

async function call(operation: string, input: object) {
  return await rds.definition.operations[operation]?.(input, administrator);
}

async function connect(overrides: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'webapp',
    password: 'mysecretpassword',
    database: 'webapp_production',
    ...overrides,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

beforeAll(async () => {
  rds = createRds(bareContext(), { idleInTransactionSeconds: 0.2 });
  const created = await call('CreateDBInstance', settings);
  statusAtFirst = created.DBInstance.DBInstanceStatus;
  ({ port } = await rds.available('webapp-postgres'));
  const client = await connect();
  await client.query('CREATE TABLE articles (id serial PRIMARY KEY, title text NOT NULL)');
  await client.end();
});

afterAll(() => rds.close());

describe('a DB instance', () => {
  it('is creating at first and then available at an endpoint that clients reach', async () => {
    const { DBInstances } = await call('DescribeDBInstances', { DBInstanceIdentifier: 'WebApp-Postgres' });
    const client = await connect();
    const { rows } = await client.query('SELECT current_user, current_database()');
    await client.end();

    expect(statusAtFirst).toBe('creating');
    expect(DBInstances[0]).toMatchObject({
      DBInstanceStatus: 'available',
      Endpoint: { Address: '127.0.0.1', Port: port },
      DBInstanceArn: 'arn:aws:rds:us-east-1:123456789012:db:webapp-postgres',
    });
    expect(rows).toEqual([{ current_user: 'webapp', current_database: 'webapp_production' }]);
  });

  it.each([
    ['a wrong password', { password: 'guess' }, '28P01'],
    ['an unknown user', { user: 'somebody' }, '28P01'],
    ['an unknown database', { database: 'other' }, '3D000'],
  ])('refuses %s', async (_what, overrides, code) => {
    await expect(connect(overrides)).rejects.toMatchObject({ code });
  });

  /** The first four letters, read as a length, announce a gigabyte. */
  it.each(['GET', 'POST'])('hangs up on a browser, whose %s is no startup message', async (method) => {
    const answer = fetch(`http://127.0.0.1:${port}/`, { method });

    await expect(answer).rejects.toThrow('fetch failed');
  });

  it('keeps a transaction of one client from another until it is committed', async () => {
    const [writer, reader] = await Promise.all([connect(), connect()]);
    await writer.query('BEGIN');
    await writer.query("INSERT INTO articles (title) VALUES ('committed')");
    let read = false;
    const seen = reader.query("SELECT title FROM articles WHERE title = 'committed'").then(({ rows }) => {
      read = true;
      return rows;
    });
    await writer.query('SELECT 1');
    const readBefore = read;
    await writer.query('COMMIT');

    expect(readBefore).toBe(false);
    expect(await seen).toEqual([{ title: 'committed' }]);
    await Promise.all([writer.end(), reader.end()]);
  });

  it('rolls back what a client that vanished has not committed', async () => {
    const [victim, witness] = await Promise.all([connect(), connect()]);
    await victim.query('BEGIN');
    await victim.query("INSERT INTO articles (title) VALUES ('lost')");
    (victim as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();

    const { rows } = await witness.query("SELECT title FROM articles WHERE title = 'lost'");

    expect(rows).toEqual([]);
    await witness.end();
  });

  it('ends a client that sits in a transaction while others wait', async () => {
    const [idler, worker] = await Promise.all([connect(), connect()]);
    const told = new Promise<{ code?: string }>((resolve) => idler.once('error', resolve));
    await idler.query('BEGIN');

    const { rows } = await worker.query('SELECT 1 AS one');

    expect(rows).toEqual([{ one: 1 }]);
    expect(await told).toMatchObject({ code: '25P03' });
    await worker.end();
  });

  it('serves a pool and a second client with a prepared statement of the same name', async () => {
    const [one, other] = await Promise.all([connect(), connect()]);
    const pool = new pg.Pool({
      host: '127.0.0.1',
      port,
      user: 'webapp',
      password: 'mysecretpassword',
      database: 'webapp_production',
      max: 6,
    });

    const named = await Promise.all([
      one.query({ name: 'find', text: 'SELECT $1::int AS value', values: [1] }),
      other.query({ name: 'find', text: 'SELECT $1::text AS value', values: ['two'] }),
    ]);
    const many = await Promise.all(
      Array.from({ length: 60 }, (_, index) => pool.query(`SELECT ${index} AS a, $1::int AS b`, [index])),
    );

    expect(named.map(({ rows }) => rows[0].value)).toEqual([1, 'two']);
    expect(many.every(({ rows }, index) => rows[0].a === index && rows[0].b === index)).toBe(true);
    await Promise.all([one.end(), other.end(), pool.end()]);
  });

  it('answers a failed statement with its error and goes on', async () => {
    const client = await connect();

    await expect(client.query('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
    await expect(client.query('SELECT $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  });
});

describe('the RDS API', () => {
  it.each([
    [{ Engine: 'mysql' }, 'UnsupportedOperation'],
    [{ MasterUserPassword: 'short' }, 'InvalidParameterValue'],
    [{ MasterUsername: 'admin' }, 'InvalidParameterValue'],
    [{ DBInstanceIdentifier: 'two--hyphens' }, 'InvalidParameterValue'],
    [{}, 'DBInstanceAlreadyExists'],
    [{ DBInstanceIdentifier: 'other', DBSubnetGroupName: 'missing' }, 'DBSubnetGroupNotFoundFault'],
  ])('refuses to create an instance with %j', async (overrides, code) => {
    await expect(call('CreateDBInstance', { ...settings, ...overrides })).rejects.toMatchObject({ code });
  });

  it('deletes an instance only without a final snapshot, which it cannot make', async () => {
    const deletion = (input: object) =>
      call('DeleteDBInstance', { DBInstanceIdentifier: 'webapp-postgres', ...input });

    await expect(deletion({})).rejects.toMatchObject({ code: 'InvalidParameterCombination' });
    await expect(deletion({ FinalDBSnapshotIdentifier: 'last' })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
    await expect(call('DescribeDBInstances', { DBInstanceIdentifier: 'nobody' })).rejects.toMatchObject({
      code: 'DBInstanceNotFound',
    });
  });
});
