import { createHash } from 'node:crypto';
import * as z from 'zod';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { Position } from './deployments.ts';

const Content = z.tuple([z.number().int().nonnegative(), z.string().min(1).max(80), z.string()]);

/** Not against forgery, which would gain nothing: against a cursor of another service, or one cut short. */
const checksum = (service: string, { startedAt, deployment }: Position) =>
  createHash('sha256').update(`${service}\n${startedAt}\n${deployment}`).digest('base64url').slice(0, 12);

/** Where a page of a service's deployments ends, as a text that clients hand back without reading it. */
export function encodeCursor(service: string, position: Position): string {
  const content = [position.startedAt, position.deployment, checksum(service, position)];
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** Fails with InvalidRequest for anything but a cursor of this service, unchanged. */
export function decodeCursor(service: string, cursor: string): Position {
  const content = Content.safeParse(parsed(Buffer.from(cursor, 'base64url').toString()));
  if (content.success) {
    const [startedAt, deployment, sum] = content.data;
    const position = { startedAt, deployment };
    if (sum === checksum(service, position) && encodeCursor(service, position) === cursor) return position;
  }
  throw new DeploymentError('InvalidRequest', `the cursor is not one that a page of ${service} gave`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
