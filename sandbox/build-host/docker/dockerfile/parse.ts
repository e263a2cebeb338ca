import dockerfileAst from 'dockerfile-ast';
import { parseError, unsupported } from '../errors.ts';
import type { Property } from './properties.ts';

const {
  DockerfileParser,
  Instruction: BaseInstruction,
  ModifiableInstruction,
  PropertyInstruction,
} = dockerfileAst;
type AstInstruction = InstanceType<typeof BaseInstruction>;

export interface Instruction {
  keyword: string;
  /** 1-based, as docker's messages count. */
  line: number;
  lastLine: number;
  /** Everything behind the keyword and its flags, continuation lines joined. */
  text: string;
  flags: Record<string, string>;
  /** name=value pairs of ENV, LABEL and ARG. */
  properties: Property[];
}

const KNOWN = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** The flags that are carried out, or that change nothing where every file belongs to one user. */
const FLAGS: Record<string, string[]> = {
  COPY: ['from', 'chown', 'chmod', 'link'],
  ADD: ['chown', 'link'],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
};

/** Reads a Dockerfile; an unknown instruction is an error at once, before anything runs, as in docker. */
export function parseDockerfile(content: string): Instruction[] {
  const instructions = DockerfileParser.parse(content).getInstructions().map(read);
  if (instructions.length === 0) throw parseError(1, 'the Dockerfile cannot be empty');
  const first = instructions.find(({ keyword }) => keyword !== 'ARG');
  if (first?.keyword !== 'FROM') {
    throw parseError(
      first?.line ?? 1,
      'no build stage in current context: the first instruction has to be FROM',
    );
  }
  return instructions;
}

function read(ast: AstInstruction): Instruction {
  const keyword = ast.getKeyword();
  const range = ast.getRange();
  const line = range.start.line + 1;
  if (keyword === 'ONBUILD') throw unsupported(`line ${line}: ONBUILD`);
  if (!KNOWN.has(keyword)) throw parseError(line, `unknown instruction: ${ast.getInstruction()}`);
  const text = ast.getArgumentsContent() ?? '';
  if (text === '') throw parseError(line, `${keyword} requires at least one argument`);
  if (/^<<|\s<<-?\w/.test(text) && /^(RUN|COPY|ADD)$/.test(keyword))
    throw unsupported(`line ${line}: a here-document`);
  const flags: Record<string, string> = {};
  if (ast instanceof ModifiableInstruction) {
    for (const flag of ast.getFlags()) flags[flag.getName()] = flag.getValue() ?? '';
  }
  const unknown = Object.keys(flags).find((flag) => !FLAGS[keyword]?.includes(flag));
  if (unknown !== undefined) throw unsupported(`line ${line}: ${keyword} --${unknown}`);
  const properties =
    ast instanceof PropertyInstruction
      ? ast.getProperties().map((property) => ({
          name: property.getName(),
          value: property.getValue() ?? undefined,
          literal: property.getUnescapedValue()?.startsWith("'") ?? false,
        }))
      : [];
  return { keyword, line, lastLine: range.end.line + 1, text, flags, properties };
}
