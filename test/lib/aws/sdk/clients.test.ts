import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Clock, install } from '@sinonjs/fake-timers';
import { clientOf, configureClients } from '#lib/aws/sdk/clients.ts';
import { toDeploymentError } from '#lib/aws/sdk/faults.ts';

/** The limits that ship, on the SDK's real transport, against a server that says nothing. Only timers are faked. */
const server = createServer();

const before = { ...process.env };

let clock: Clock;

beforeEach(async () => {
  // The backoff between attempts is the SDK's own.
  configureClients({ maxAttempts: 1 });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  clock.uninstall();
  process.env = before;
  server.closeAllConnections();
  server.close();
});

it('a call that AWS does not answer fails after five seconds as AwsUnavailable', async () => {
  let end: unknown = 'waiting';

  clientOf(DynamoDBClient)
    .send(new ListTablesCommand({}))
    .catch((error) => {
      end = error;
    });
  await once(server, 'request');
  clock.tick(4_999);
  await turn();
  const soon = end;
  clock.tick(1);
  while (end === 'waiting') await turn();

  expect(soon).toBe('waiting');
  expect(end).toMatchObject({ name: 'TimeoutError' });
  expect(toDeploymentError(end)).toMatchObject({ name: 'AwsUnavailable' });
});
