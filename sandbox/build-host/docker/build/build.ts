import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { baseImage, scratchImage } from '#sandbox/ecr/base-images.ts';
import { writeBlob } from '#sandbox/ecr/blobs.ts';
import { type RuntimeConfig, writeManifest } from '#sandbox/ecr/manifest.ts';
import { canonical, parseReference } from '#sandbox/ecr/references.ts';
import { layerFolder, readLayer } from '#sandbox/ecr/tree.ts';
import { type Instruction, parseDockerfile } from '../dockerfile/parse.ts';
import { expand } from '../dockerfile/properties.ts';
import { DockerError, parseError, solveError } from '../errors.ts';
import { type LocalImages, localImages } from '../local-images.ts';
import { contextSource, treeSource } from './file-source.ts';
import { createProgress, excerpt, type Progress, type Write } from './progress.ts';
import { copyTree } from './run.ts';
import type { Stage } from './stage.ts';
import { type Surroundings, steps } from './steps.ts';

export interface BuildRequest {
  directory: string;
  context: string;
  dockerfile: string;
  buildArguments: Record<string, string>;
  labels: Record<string, string>;
  target?: string;
  useCache: boolean;
  write: Write;
}

/** Carries a Dockerfile out, stage by stage, and keeps the last stage as an image; answers its digest. */
export async function build(request: BuildRequest): Promise<string> {
  if (!existsSync(request.context))
    throw new DockerError(`unable to prepare context: path "${request.context}" not found`);
  if (!existsSync(request.dockerfile)) {
    throw solveError(`failed to read dockerfile: open ${request.dockerfile}: no such file or directory`);
  }
  const content = readFileSync(request.dockerfile, 'utf8');
  const progress = createProgress(request.write);
  const instructions = parseDockerfile(content);
  const workspace = join(request.directory, 'images', 'work', String(process.pid));
  try {
    const stages = await buildStages(request, instructions, content, workspace, progress);
    return await progress.step('exporting to image', () => keepImage(request, stages.at(-1)!));
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function buildStages(
  request: BuildRequest,
  instructions: Instruction[],
  content: string,
  workspace: string,
  progress: Progress,
): Promise<Stage[]> {
  const images = localImages(request.directory);
  const stages: Stage[] = [];
  const surroundings = surroundingsOf(request, stages, images);
  const total = instructions.filter(({ keyword }) => keyword !== 'ARG').length;
  let number = 0;
  for (const instruction of instructions) {
    const { keyword, text, line, lastLine } = instruction;
    const title = keyword === 'ARG' ? `ARG ${text}` : `[${++number}/${total}] ${keyword} ${text}`;
    if (keyword === 'FROM') {
      if (request.target !== undefined && stages.at(-1)?.name === request.target) break;
      await progress.step(title, () => {
        stages.push(
          beginStage(instruction, stages, surroundings, images, join(workspace, String(stages.length))),
        );
      });
      continue;
    }
    const stage = stages.at(-1);
    const perform = steps[keyword];
    try {
      if (!stage)
        for (const { name, value } of instruction.properties) declareGlobal(surroundings, name, value);
      else await progress.step(title, (write) => perform?.(stage, instruction, surroundings, write));
    } catch (error) {
      if (error instanceof DockerError) request.write(`${excerpt('Dockerfile', content, line, lastLine)}\n`);
      throw error;
    }
  }
  if (request.target !== undefined && !stages.some(({ name }) => name === request.target)) {
    throw solveError(`target stage "${request.target}" could not be found`);
  }
  return stages;
}

function declareGlobal(surroundings: Surroundings, name: string, value: string | undefined): void {
  const chosen =
    surroundings.given[name] ?? (value === undefined ? undefined : expand(value, surroundings.global));
  if (chosen !== undefined) surroundings.global[name] = chosen;
}

function surroundingsOf(request: BuildRequest, stages: Stage[], images: LocalImages): Surroundings {
  return {
    directory: request.directory,
    useCache: request.useCache,
    given: request.buildArguments,
    global: {},
    context: contextSource(request.context, `${request.dockerfile}.dockerignore`),
    from(name) {
      const stage = stages.find(
        (candidate) => candidate.name === name.toLowerCase() || String(candidate.index) === name,
      );
      return treeSource(stage?.root ?? layerOf(request.directory, images, name));
    },
  };
}

function layerOf(directory: string, images: LocalImages, reference: string): string {
  const image = images.find(reference);
  if (!image) throw notFound(reference);
  return layerFolder(directory, image.manifest.layers[0]?.digest ?? '');
}

/** FROM: an earlier stage, scratch, a base image, or an image that this host built or pulled. */
function beginStage(
  { text, line }: Instruction,
  stages: Stage[],
  { directory, global }: Surroundings,
  images: LocalImages,
  root: string,
): Stage {
  const [reference = '', as, name] = expand(text, global).split(/\s+/);
  if (as !== undefined && (as.toLowerCase() !== 'as' || name === undefined)) {
    throw parseError(line, 'FROM requires either one or three arguments');
  }
  const parent = stages.find((stage) => stage.name === reference.toLowerCase());
  const config = parent?.config ?? baseConfig(reference, images);
  if (parent) copyTree(parent.root, root);
  else if (images.find(reference)) copyTree(layerOf(directory, images, reference), root);
  mkdirSync(root, { recursive: true });
  return {
    index: stages.length,
    name: name?.toLowerCase(),
    root,
    config: structuredClone(config),
    buildArguments: {},
    shell: ['/bin/sh', '-c'],
  };
}

function baseConfig(reference: string, images: LocalImages): RuntimeConfig {
  if (reference === 'scratch') return scratchImage();
  const config = images.find(reference)?.document.config ?? baseImage(reference);
  if (!config) throw notFound(reference);
  return config;
}

function notFound(reference: string): DockerError {
  const parsed = parseReference(reference);
  if (!parsed) return solveError(`failed to parse stage name "${reference}": invalid reference format`);
  const name = canonical(parsed);
  return solveError(
    `${reference}: failed to resolve source metadata for ${name}: ${name}: not found (this sandbox has the official node images, scratch, and what it has built or pulled itself)`,
  );
}

function keepImage({ directory, labels }: BuildRequest, stage: Stage): string {
  const layer = readLayer(stage.root);
  const folder = layerFolder(directory, layer.digest);
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(stage.root, folder);
  }
  if (Object.keys(labels).length > 0) stage.config.Labels = { ...stage.config.Labels, ...labels };
  const { manifestText, configText } = writeManifest(stage.config, layer);
  for (const blob of [configText, layer.listing]) writeBlob(directory, blob);
  return writeBlob(directory, manifestText);
}
