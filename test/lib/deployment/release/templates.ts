import { readFileSync } from 'node:fs';
import { TaskDefinitionTemplate } from '#lib/deployment/release/task-definition.ts';

/** The templates of examples/webapp, and of other applications. */

export const example = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../../examples/webapp/ecs/${path}`, import.meta.url), 'utf8'));

export const container = (given: Record<string, unknown> = {}) => ({
  name: 'webapp',
  image: 'registry/webapp:LAST_COMMIT',
  ...given,
});

export const template = (given: Record<string, unknown> = {}): TaskDefinitionTemplate =>
  TaskDefinitionTemplate.parse({ family: 'webapp', containerDefinitions: [container()], ...given });
