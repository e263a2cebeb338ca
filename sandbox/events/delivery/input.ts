import type { InputTransformer, Target } from '@aws-sdk/client-eventbridge';
import type { AwsEvent } from '#sandbox/core/service.ts';
import type { Rule } from '../bus-store.ts';
import { readPath } from './json-path.ts';

/** The text that a target receives: the event, a part of it, a constant, or what its transformer makes of it. */
export function targetInput(target: Target, event: AwsEvent, rule: Rule): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputTransformer !== undefined) return transform(target.InputTransformer, event, rule);
  if (target.InputPath !== undefined) return JSON.stringify(readPath(target.InputPath, event) ?? null);
  return JSON.stringify(event);
}

/** A variable, and whether it stands inside the quotes of a JSON text. */
const TOKEN = /<([\w.-]+)>|\\.|"/gs;

/**
 * A variable inside quotes is inserted as text, elsewhere as JSON. One whose path finds nothing becomes the empty
 * text or null (AWS says only that it "won't appear in the output").
 */
function transform(
  { InputPathsMap = {}, InputTemplate = '' }: InputTransformer,
  event: AwsEvent,
  rule: Rule,
): string {
  const variables = new Map<string, unknown>(predefined(event, rule));
  for (const [name, path] of Object.entries(InputPathsMap)) variables.set(name, readPath(path, event));
  let quoted = false;
  return InputTemplate.replace(TOKEN, (token, name: string | undefined) => {
    if (token === '"') quoted = !quoted;
    if (name === undefined || !variables.has(name)) return token;
    return insert(variables.get(name), quoted);
  });
}

function insert(value: unknown, quoted: boolean): string {
  if (!quoted) return JSON.stringify(value ?? null);
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

function predefined(event: AwsEvent, rule: Rule): [string, unknown][] {
  const { detail: _, ...withoutDetail } = event;
  return [
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', event.time],
    ['aws.events.event', withoutDetail],
    ['aws.events.event.json', event],
  ];
}
