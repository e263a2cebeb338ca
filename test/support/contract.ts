import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { root } from './wiring.ts';

/** docs/openapi.yaml, and whether a request and its answer keep to it. */

type Node = Record<string, unknown>;

export interface Operation {
  method: string;
  /** `/services/{service}` */
  path: string;
  operationId: string;
  /** Where it is in the document, as a JSON pointer. */
  pointer: string;
}

export const contract: Node = parse(readFileSync(join(root, 'docs/openapi.yaml'), 'utf8'));

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (name: string) => name.replaceAll('~1', '/').replaceAll('~0', '~');

export const operations: Operation[] = Object.entries(contract.paths as Record<string, Node>).flatMap(
  ([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({
      method: method.toUpperCase(),
      path,
      operationId: String((item[method] as Node).operationId),
      pointer: `/paths/${escaped(path)}/${method}`,
    })),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(contract, 'contract', false, false);
const compiled = new Map<string, ValidateFunction>();

/** The node at a pointer, references followed, with the pointer under which it really is. */
function at(pointer: string): { node: Node | undefined; pointer: string } {
  let node: unknown = contract;
  let here = '';
  for (const step of pointer.split('/').slice(1)) {
    node = (node as Node | undefined)?.[unescaped(step)];
    here += `/${step}`;
    const reference = (node as Node | undefined)?.$ref;
    if (typeof reference === 'string') ({ node, pointer: here } = at(reference.slice(1)));
  }
  return { node: node as Node | undefined, pointer: here };
}

/** What of a value is not as the schema at this pointer has it; undefined where all is. */
function violation(pointer: string, value: unknown): string | undefined {
  const schema = at(pointer);
  if (schema.node === undefined) return `${pointer} is not in the contract`;
  const validate = compiled.get(schema.pointer) ?? ajv.compile({ $ref: `contract#${schema.pointer}` });
  compiled.set(schema.pointer, validate);
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

const operationOf = (method: string, path: string) =>
  operations.find(
    (each) =>
      each.method === method && new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );

export interface Exchange {
  method: string;
  /** Without the query. */
  path: string;
  /** Parsed, where it is JSON. */
  body?: unknown;
  answer: { status: number; type: string | null; body: unknown };
}

/** Fails where an answer is not one that the contract has, or where a request was accepted that it does not have. */
export function assertInContract({ method, path, body, answer }: Exchange): void {
  const problem = findProblem({ method, path, body, answer });
  if (problem !== undefined)
    throw new Error(
      `${method} ${path} → ${answer.status} ${JSON.stringify(answer.body)} breaks the contract: ${problem}`,
    );
}

function findProblem({ method, path, body, answer }: Exchange): string | undefined {
  const operation = operationOf(method, path);
  if (operation === undefined) return 'there is no such operation';
  const { status, type } = answer;
  const response = `${operation.pointer}/responses/${status}`;
  const { node } = at(response);
  if (node === undefined) return `it has no answer ${status}`;
  if (status < 300 && body !== undefined) {
    const refused = violation(`${operation.pointer}/requestBody/content/application~1json/schema`, body);
    if (refused !== undefined) return `the request was accepted, and ${refused}`;
  }
  if (node.content === undefined)
    return answer.body === undefined ? undefined : 'the answer has no body there';
  return violation(`${response}/content/${escaped(type ?? '')}/schema`, answer.body);
}
