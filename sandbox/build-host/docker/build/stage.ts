import type { RuntimeConfig } from '#sandbox/ecr/manifest.ts';

/** One stage of a build while its instructions are carried out. */
export interface Stage {
  index: number;
  name?: string;
  /** The folder that becomes the image's tree. */
  root: string;
  config: RuntimeConfig;
  /** ARGs that this stage has declared, with their values. */
  buildArguments: Record<string, string>;
  shell: string[];
}

/** What the instructions of a stage may replace in their arguments: ENV goes before ARG. */
export function variablesOf(stage: Stage): Record<string, string> {
  const environment = stage.config.Env.map((line): [string, string] => {
    const equals = line.indexOf('=');
    return [line.slice(0, equals), line.slice(equals + 1)];
  });
  return { ...stage.buildArguments, ...Object.fromEntries(environment) };
}

export function setEnvironment(config: RuntimeConfig, name: string, value: string): void {
  const others = config.Env.filter((line) => !line.startsWith(`${name}=`));
  config.Env = [...others, `${name}=${value}`];
}
