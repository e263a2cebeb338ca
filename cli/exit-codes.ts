/** What the command exits with; docs/cli.md tells people. 64 and above follow sysexits.h and the shells. */
export const exitCodes = {
  /** Done, and where a deployment was waited for: it is live. */
  done: 0,
  /** Failed, and the service runs what it ran before; or refused, so that nothing was changed. */
  failed: 1,
  /** Failed, and the service may not run what it should: a person has to look. */
  needsPerson: 2,
  /** Another deployment took its place. */
  superseded: 3,
  usage: 64,
  /** The API did not answer, or not properly. */
  unavailable: 69,
  /** The landfall command itself is at fault. */
  internal: 70,
  /** No credentials, or they do not allow it. */
  denied: 77,
  /** Ctrl-C. */
  interrupted: 130,
  /** Whoever read the output reads no more: as of one that SIGPIPE ends. */
  brokenPipe: 141,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
