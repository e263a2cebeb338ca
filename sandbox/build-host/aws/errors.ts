/** Ends the command: 252 where its own syntax was wrong, 254 where the service answered with an error. */
export class AwsCommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = 'AwsCommandError';
    this.exitCode = exitCode;
  }
}

export const notSupported = (what: string) =>
  new AwsCommandError(`${what} is not supported by the sandbox's aws command`, 252);
