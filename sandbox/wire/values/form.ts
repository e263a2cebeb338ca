import type { NormalizedSchema } from '@smithy/core/schema';
import { readText } from './text.ts';

/** A form's fields by the parts of their names: `Tags.member.1.Key=a` is {Tags: {member: {1: {Key: 'a'}}}}. */
export interface FormNode {
  text?: string;
  children: Map<string, FormNode>;
}

export function formTree(fields: Iterable<[name: string, value: string]>): FormNode {
  const root: FormNode = { children: new Map() };
  for (const [name, value] of fields) {
    let node = root;
    for (const part of name.split('.')) {
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.text = value;
  }
  return root;
}

export type Dialect = 'awsQuery' | 'ec2Query';

/** Reads the SDK's value of a schema from the form of a query request. Unknown fields are passed over. */
export function readForm(schema: NormalizedSchema, node: FormNode, dialect: Dialect): unknown {
  if (schema.isStructSchema()) return readStruct(schema, node, dialect);
  if (schema.isListSchema()) return readList(schema, node, dialect);
  if (schema.isMapSchema()) return readMap(schema, node, dialect);
  return readText(schema, node.text ?? '');
}

function readStruct(schema: NormalizedSchema, node: FormNode, dialect: Dialect): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(fieldName(name, member, dialect));
    if (child) result[name] = readForm(member, child, dialect);
  }
  return result;
}

function fieldName(name: string, member: NormalizedSchema, dialect: Dialect): string {
  const { xmlName, ec2QueryName } = member.getMergedTraits() as Record<string, string | undefined>;
  if (dialect === 'awsQuery') return xmlName ?? name;
  const key = xmlName ?? name;
  return ec2QueryName ?? key.charAt(0).toUpperCase() + key.slice(1);
}

function readList(schema: NormalizedSchema, node: FormNode, dialect: Dialect): unknown[] {
  const member = schema.getValueSchema();
  const flat = dialect === 'ec2Query' || schema.getMergedTraits().xmlFlattened;
  const items = flat ? node : node.children.get(member.getMergedTraits().xmlName ?? 'member');
  return numbered(items).map((item) => readForm(member, item, dialect));
}

function readMap(schema: NormalizedSchema, node: FormNode, dialect: Dialect): Record<string, unknown> {
  const [keys, values] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  const result: Record<string, unknown> = {};
  for (const entry of numbered(entries)) {
    const key = entry.children.get(keys.getMergedTraits().xmlName ?? 'key')?.text ?? '';
    const value = entry.children.get(values.getMergedTraits().xmlName ?? 'value');
    if (value) result[key] = readForm(values, value, dialect);
  }
  return result;
}

/** The children named 1, 2, 3 …, in that order. */
function numbered(node: FormNode | undefined): FormNode[] {
  return [...(node?.children ?? [])]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
