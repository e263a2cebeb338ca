import {
  type CollectionTag,
  type Document,
  parseDocument,
  type ScalarTag,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { StackError } from './errors.ts';

export interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  Condition?: string;
  DeletionPolicy?: string;
}

export interface TemplateParameter {
  Type: string;
  Default?: unknown;
  AllowedValues?: unknown[];
  AllowedPattern?: string;
}

export interface TemplateOutput {
  Value: unknown;
  Condition?: string;
  Export?: { Name: unknown };
}

export interface Template {
  Parameters?: Record<string, TemplateParameter>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, TemplateOutput>;
  Transform?: unknown;
}

/** Reads a template of CloudFormation: JSON, or YAML with the short forms (!Ref, !GetAtt, !Sub, …). */
export function parseTemplate(text: string): Template {
  return checkTemplate(parseJson(text) ?? parseYaml(text));
}

/** JSON is YAML too, which takes forty times as long to read: undefined for what is none. */
function parseJson(text: string): Template | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseYaml(text: string): Template {
  const document: Document = parseDocument(text, { customTags: shortForms(), uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw new StackError(`Template format error: ${error.message}`);
  return document.toJS();
}

/** A template's outer form. Transforms (SAM, macros) run in AWS only. */
export function checkTemplate(template: Template): Template {
  if (typeof template?.Resources !== 'object' || template.Resources === null) {
    throw new StackError('Template format error: At least one Resources member must be defined.');
  }
  if (template.Transform !== undefined) {
    throw new StackError(
      `Transforms are not supported: ${JSON.stringify(template.Transform)}; give the processed template`,
    );
  }
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    if (typeof resource?.Type !== 'string') {
      throw new StackError(
        `Template format error: [/Resources/${logicalId}] Every Resources member must contain a Type.`,
        { logicalId },
      );
    }
  }
  return template;
}

const SHORT_FORMS = [
  'Base64',
  'Cidr',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'ImportValue',
  'Join',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'And',
  'Equals',
  'If',
  'Not',
  'Or',
  'Ref',
  'Condition',
];

/** `!Sub x` is {"Fn::Sub": x}; `!GetAtt A.B` is the list form; only Ref and Condition have no Fn:: prefix. */
function longForm(name: string, value: unknown): Record<string, unknown> {
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') return { 'Fn::GetAtt': splitAttribute(value) };
  return { [`Fn::${name}`]: value };
}

/** `Resource.Attribute.Name` → the resource and the whole attribute name. */
export function splitAttribute(text: string): [string, string] {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}

function shortForms(): (ScalarTag | CollectionTag)[] {
  return SHORT_FORMS.flatMap((name): (ScalarTag | CollectionTag)[] => [
    { tag: `!${name}`, resolve: (text: string) => longForm(name, text) },
    {
      tag: `!${name}`,
      collection: 'seq',
      resolve: (node: YAMLMap.Parsed | YAMLSeq.Parsed) => tagged(name, node),
    },
    {
      tag: `!${name}`,
      collection: 'map',
      resolve: (node: YAMLMap.Parsed | YAMLSeq.Parsed) => tagged(name, node),
    },
  ]);
}

/** Leaves the collection as it is, and wraps it when the document is turned into values: inner tags work too. */
function tagged(name: string, node: YAMLMap.Parsed | YAMLSeq.Parsed) {
  const toJSON = node.toJSON.bind(node);
  node.toJSON = (key?: unknown, context?: never) => longForm(name, toJSON(key as never, context)) as never;
  return node;
}
