import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { DeploymentError } from '#lib/deployment/errors.ts';

/** Not against forgery, which would gain nothing: against a cursor of something else, or one cut short. */
const checksumOf = (scope: string, content: string) =>
  createHash('sha256').update(`${scope}\n${content}`).digest('base64url').slice(0, 12);

/** Where an answer ends, as a text that clients hand back without reading it. `scope` is what it may be handed back to. */
export function encodeCursor(scope: string, position: unknown): string {
  const content = JSON.stringify(position);
  return Buffer.from(checksumOf(scope, content) + content).toString('base64url');
}

/** Fails with InvalidRequest for anything but a cursor of this scope, unchanged. */
export function decodeCursor<Position>(scope: string, schema: z.ZodType<Position>, cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString();
  const content = text.slice(12);
  const isOurs = text.slice(0, 12) === checksumOf(scope, content) && cursor === recode(text);
  const position = isOurs ? schema.safeParse(JSON.parse(content)) : undefined;
  if (position?.success) return position.data;
  throw new DeploymentError('InvalidRequest', `the cursor is not one that an answer of ${scope} gave`);
}

const recode = (text: string) => Buffer.from(text).toString('base64url');
