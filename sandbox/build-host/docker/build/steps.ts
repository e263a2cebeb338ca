import { mkdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Instruction } from '../dockerfile/parse.ts';
import { execForm, expand } from '../dockerfile/properties.ts';
import { parseError, unsupported } from '../errors.ts';
import { copyInto } from './copy.ts';
import type { FileSource } from './file-source.ts';
import { healthcheck } from './healthcheck.ts';
import type { Write } from './progress.ts';
import { run } from './run.ts';
import { type Stage, setEnvironment, variablesOf } from './stage.ts';

export interface Surroundings {
  directory: string;
  useCache: boolean;
  /** --build-arg */
  given: Record<string, string>;
  /** Values of the ARGs before the first FROM, which a stage takes over by declaring them. */
  global: Record<string, string>;
  context: FileSource;
  /** What `COPY --from=NAME` means. */
  from(name: string): FileSource;
}

type Step = (
  stage: Stage,
  instruction: Instruction,
  surroundings: Surroundings,
  line: Write,
) => undefined | Promise<'cached' | undefined>;

/** What each instruction of a Dockerfile does. FROM begins a stage and is not among them. */
export const steps: Record<string, Step> = {
  ARG(stage, { properties }, { given, global }) {
    for (const { name, value } of properties) {
      const preset = value === undefined ? global[name] : expand(value, variablesOf(stage));
      const chosen = given[name] ?? preset;
      if (chosen !== undefined) stage.buildArguments[name] = chosen;
    }
  },
  ENV(stage, { properties }) {
    // All of one line see the variables as they were before the line.
    const before = variablesOf(stage);
    for (const { name, value = '', literal } of properties) {
      setEnvironment(stage.config, name, literal ? value : expand(value, before));
    }
  },
  LABEL(stage, { properties }) {
    const labels = properties.map(({ name, value = '' }) => [name, expand(value, variablesOf(stage))]);
    stage.config.Labels = { ...stage.config.Labels, ...Object.fromEntries(labels) };
  },
  WORKDIR(stage, { text }) {
    stage.config.WorkingDir = posix.resolve(stage.config.WorkingDir, expand(text, variablesOf(stage)));
    mkdirSync(join(stage.root, stage.config.WorkingDir), { recursive: true });
  },
  COPY(stage, { text, flags }, surroundings) {
    const source = flags.from === undefined ? surroundings.context : surroundings.from(flags.from);
    copyInto(stage.root, stage.config.WorkingDir, source, words(stage, text));
  },
  ADD(stage, { text, line }, { context }) {
    const sources = words(stage, text).slice(0, -1);
    const special = sources.find((source) => /^(https?|git):|\.(tar|tgz|tar\.\w+|git)$/.test(source));
    if (special !== undefined) throw unsupported(`line ${line}: ADD of ${special}`);
    copyInto(stage.root, stage.config.WorkingDir, context, words(stage, text));
  },
  RUN(stage, { text }, { directory, useCache }, line) {
    const command = execForm(text) ?? [...stage.shell, text];
    const { root, config, buildArguments } = stage;
    return run({ directory, useCache, root, config, buildArguments, command }, line);
  },
  CMD(stage, { text }) {
    stage.config.Cmd = execForm(text) ?? [...stage.shell, text];
  },
  ENTRYPOINT(stage, { text }) {
    stage.config.Entrypoint = execForm(text) ?? [...stage.shell, text];
    // A new entrypoint resets the CMD that came with the base image.
    stage.config.Cmd = undefined;
  },
  EXPOSE(stage, { text }) {
    const ports = words(stage, text).map((port) => [port.includes('/') ? port : `${port}/tcp`, {}]);
    stage.config.ExposedPorts = { ...stage.config.ExposedPorts, ...Object.fromEntries(ports) };
  },
  USER(stage, { text }) {
    stage.config.User = expand(text, variablesOf(stage));
  },
  VOLUME(stage, { text }) {
    stage.config.Volumes = {
      ...stage.config.Volumes,
      ...Object.fromEntries(words(stage, text).map((path) => [path, {}])),
    };
  },
  STOPSIGNAL(stage, { text }) {
    stage.config.StopSignal = expand(text, variablesOf(stage));
  },
  HEALTHCHECK(stage, { text, flags, line }) {
    stage.config.Healthcheck = healthcheck(text, flags, line);
  },
  SHELL(stage, { text, line }) {
    const shell = execForm(text);
    if (!shell) throw parseError(line, 'SHELL requires the arguments to be in JSON form');
    stage.shell = shell;
  },
  MAINTAINER() {},
};

function words(stage: Stage, text: string): string[] {
  return (execForm(text) ?? text.split(/\s+/)).map((word) => expand(word, variablesOf(stage)));
}
