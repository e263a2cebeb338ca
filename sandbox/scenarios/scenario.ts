import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ErrorName } from '#lib/deployment/errors.ts';
import type { Sandbox } from '#sandbox/sandbox.ts';
import type { Followed } from '#sandbox/start/follow.ts';
import type { Checkout } from '#sandbox/start/push.ts';
import type { Terminal } from '#sandbox/start/terminal.ts';

/** What every scenario plays on: the packaged application in a sandbox, and a developer's checkout of webapp. */
export interface Stage {
  sandbox: Sandbox;
  /** The application, through its load balancer. */
  url: string;
  /** For those who connect with a PostgreSQL client. */
  databaseUrl: string;
  checkout: Checkout;
  terminal: Terminal;
  states: SFNClient;
  /** Pushes a commit, shows its build and its deployment, and answers how they ended. */
  deploy(change: Change): Promise<Followed>;
  /** Re-drives an execution, as the console's button does, and shows what it does. */
  redrive(failed: Followed): Promise<Followed>;
}

/** A commit to push: its message, and what it makes of the files. */
export interface Change {
  message: string;
  files(read: Checkout['read']): Record<string, string | null>;
}

/** One way in which a deployment goes wrong for real, and what makes it right. */
export interface Scenario {
  name: string;
  /** What goes wrong and what mends it, in a line. */
  about: string;
  /** Brings about what the commit is going to meet. */
  arrange?(stage: Stage): Promise<void>;
  breaking: Change;
  fails: {
    error: ErrorName;
    /** The last states of the failed run, without the choices. */
    states: string[];
    /** What the operator has to be told. */
    says: RegExp[];
  };
  /** Mends the cause inside the application (a push), or outside of it (and re-drives). */
  mending: { push: Change } | { repair(stage: Stage): Promise<void>; redriveStates: string[] };
}

/** The file with `from` replaced, which has to be in it: an example that changes must not make a scenario toothless. */
export function edited(text: string, from: string, to: string): string {
  if (!text.includes(from))
    throw new Error(`${JSON.stringify(from)} is not in the file that the scenario edits`);
  return text.replace(from, to);
}

/** The commit that makes the application answer `/` with another greeting. */
export const greeting = (read: Checkout['read'], text: string) => ({
  'app/http.js': read('app/http.js').replace(/message: '[^']*'/, `message: '${text}'`),
});
