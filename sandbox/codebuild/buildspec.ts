import { parse } from 'yaml';
import { z } from 'zod';

const phase = z.looseObject({
  'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
  commands: z.array(z.string()).default([]),
  finally: z.array(z.string()).default([]),
});

const text = z.coerce.string();

const schema = z.looseObject({
  version: z.union([z.literal(0.2), z.literal('0.2')]),
  env: z
    .looseObject({
      shell: z.enum(['sh', 'bash', '/bin/sh', '/bin/bash']).default('sh'),
      variables: z.record(z.string(), text).default({}),
      'parameter-store': z.record(z.string(), z.string()).default({}),
      'secrets-manager': z.record(z.string(), z.string()).default({}),
      'exported-variables': z.array(z.string()).default([]),
    })
    .prefault({}),
  phases: z.looseObject({
    install: phase.optional(),
    pre_build: phase.optional(),
    build: phase.optional(),
    post_build: phase.optional(),
  }),
  artifacts: z
    .looseObject({
      files: z.array(z.string()).min(1),
      name: text.optional(),
      'base-directory': z.string().default('.'),
      'discard-paths': z.union([z.boolean(), z.enum(['yes', 'no'])]).default(false),
      'exclude-paths': z.array(z.string()).default([]),
    })
    .optional(),
});

export type Buildspec = z.infer<typeof schema>;
export type BuildspecPhase = z.infer<typeof phase>;
export type PhaseName = 'install' | 'pre_build' | 'build' | 'post_build';

/** What a real build host would do and this one does not: named, so that no build passes without it. */
const UNSUPPORTED = ['batch', 'proxy', 'reports'];

/** Reads a buildspec; what is wrong with it is thrown as CodeBuild's YAML_FILE_ERROR words it. */
export function parseBuildspec(content: string): Buildspec {
  let document: unknown;
  try {
    document = parse(content);
  } catch (error) {
    throw new Error(`YAML syntax: ${error instanceof Error ? error.message : error}`);
  }
  const result = schema.safeParse(document);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Error(`Invalid buildspec at '${issue?.path.join('.')}': ${issue?.message}`);
  }
  const unsupported = UNSUPPORTED.find((key) => key in result.data);
  if (unsupported) throw new Error(`Invalid buildspec: '${unsupported}' is not supported by the sandbox`);
  if ((result.data.artifacts as Record<string, unknown> | undefined)?.['secondary-artifacts']) {
    throw new Error("Invalid buildspec: 'secondary-artifacts' is not supported by the sandbox");
  }
  return result.data;
}
