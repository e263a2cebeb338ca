import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

/** The application as its files describe it, without packaging: serverless.yml, the state machine, the functions. */

export const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);

const tags: (ScalarTag | CollectionTag)[] = [
  { tag: '!Ref', resolve: (name: string) => ({ Ref: name }) },
  { tag: '!Sub', resolve: (text: string) => ({ 'Fn::Sub': text }) },
  { tag: '!GetAtt', resolve: (path: string) => ({ 'Fn::GetAtt': path.split('.') }) },
];

const readYaml = (path: string) => parse(readFileSync(join(root, path), 'utf8'), { customTags: tags });

export interface State {
  Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';
  Comment?: string;
  Resource?: string;
  Next?: string;
  End?: boolean;
  Default?: string;
  Choices?: { Condition: string; Next: string }[];
  Arguments?: { FunctionName: { 'Fn::GetAtt': [string, string] } };
  Retry?: { ErrorEquals: string[] }[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
  HeartbeatSeconds?: number;
}

export const stateMachine: { StartAt: string; QueryLanguage: string; States: Record<string, State> } =
  readYaml('statemachines/deploy.asl.yml');

/** The Task states, in the order of the file. */
export const taskStates = Object.entries(stateMachine.States).flatMap(([name, { Type }]) =>
  Type === 'Task' ? [name] : [],
);

interface Rule {
  deadLetterQueueArn?: unknown;
  retryPolicy?: { maximumEventAge: number; maximumRetryAttempts: number };
  pattern: Record<string, unknown>;
}

interface FunctionEntry {
  handler: string;
  iamRoleStatements: string;
  destinations?: { onFailure?: { type: string; arn: unknown } };
  events?: ({ eventBridge: Rule } | { httpApi: unknown })[];
}

interface ServerlessFile {
  custom: Record<string, string>;
  functions: Record<string, FunctionEntry>;
}

export const serverless: ServerlessFile = readYaml('serverless.yml');

export const permissions: Record<string, unknown[]> = require('../../resources/permissions.cjs');

/** Source files under these folders, as paths from the root. */
export const sources = (...folders: string[]): string[] =>
  globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root },
  ).sort();

/** functions/states/claim-service.ts → claimService */
export const keyOf = (file: string) =>
  basename(file, '.ts').replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** ClaimService → functions/states/claim-service.ts */
export const fileOfState = (state: string) =>
  `functions/states/${state.replaceAll(/(?!^)([A-Z])/g, '-$1').toLowerCase()}.ts`;

/** RunMigration → runMigration, the key of its function */
export const functionOf = (state: string) => keyOf(fileOfState(state));

/** The account and Region that the rules are compiled for here. */
export const account = { id: '123456789012', region: 'us-east-1' };

const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': account.region,
  'AWS::AccountId': account.id,
  'sls:stage': 'dev',
};

function resolveText(text: string): unknown {
  const file = /^\$\{file\((.+)\):(\w+)\}$/.exec(text);
  if (file !== null) return resolve(require(join(root, file[1] ?? ''))[file[2] ?? '']);
  return text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const own = /^self:custom\.(\w+)$/.exec(name)?.[1];
    const value = own === undefined ? PSEUDO[name] : resolveText(serverless.custom[own] ?? '');
    if (value === undefined) throw new Error(`${name} is not known to this test`);
    return String(value);
  });
}

/** A value of serverless.yml with its variables and CloudFormation's in it. */
function resolve(value: unknown): unknown {
  if (typeof value === 'string') return resolveText(value);
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::Sub' in value) return resolve(value['Fn::Sub']);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member)]));
}

/** Every EventBridge rule of serverless.yml, with the function that it calls. */
export const rules = Object.entries(serverless.functions).flatMap(([key, { events = [] }]) =>
  events
    .filter((event) => 'eventBridge' in event)
    .map(({ eventBridge }) => ({
      key,
      ...eventBridge,
      pattern: resolve(eventBridge.pattern) as { 'detail-type': string[]; detail?: Record<string, unknown> },
    })),
);
