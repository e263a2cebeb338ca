/** Something that docker says on stderr before it ends with `exitCode` (125: it could not read its arguments). */
export class DockerError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'DockerError';
    this.exitCode = exitCode;
  }
}

/** A mistake in a Dockerfile, worded as BuildKit words it. */
export const parseError = (line: number, message: string) =>
  new DockerError(`failed to build: failed to solve: dockerfile parse error on line ${line}: ${message}`);

export const solveError = (message: string) =>
  new DockerError(`failed to build: failed to solve: ${message}`);

/** Says plainly what this stand-in leaves out, rather than doing something else. */
export const unsupported = (what: string) =>
  new DockerError(`${what} is not supported by the sandbox's docker command`, 125);
