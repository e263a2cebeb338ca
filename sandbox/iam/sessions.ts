import { AwsError } from '#sandbox/core/errors.ts';
import type { Caller, SandboxContext } from '#sandbox/core/service.ts';
import { type IamStore, type Role, roleByArn } from './store.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** What an access key stands for. */
export interface Identity {
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
  caller: Caller;
}

export interface Sessions {
  identify(accessKeyId: string): Identity | undefined;
  issue(roleArn: string, sessionName: string, seconds?: number): Credentials & { caller: Caller };
}

/** The one long-lived key of this account: its administrator's. */
const administratorKey = 'test';

/** Issues and remembers the temporary credentials of role sessions. */
export function createSessions(context: SandboxContext, store: IamStore): Sessions {
  const identities = new Map<string, Identity>();
  const { accountId } = context;
  identities.set(administratorKey, {
    secretAccessKey: 'test',
    caller: { accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId },
  });
  let sweepAt = 0;

  return {
    identify: (accessKeyId) => identities.get(accessKeyId),
    issue(roleArn, sessionName, seconds) {
      const role = roleByArn(store, roleArn);
      if (!role) {
        throw new AwsError('NoSuchEntity', `The role ${roleArn} cannot be found.`, { httpStatus: 404 });
      }
      if (context.clock.now() > sweepAt) {
        sweepAt = context.clock.now() + 3_600_000;
        forgetExpired(identities, context.clock.now());
      }
      const caller = sessionOf(context, role, sessionName);
      const credentials: Credentials = {
        accessKeyId: `ASIA${uniqueId(context, 16)}`,
        secretAccessKey: context.random.hex(40),
        sessionToken: `IQoJ${context.random.hex(196)}`,
        expiration: new Date(context.clock.now() + (seconds ?? 3600) * 1000),
      };
      identities.set(credentials.accessKeyId, { ...credentials, caller });
      return { ...credentials, caller };
    },
  };
}

/** A session stays known for an hour past its end, so that its holder is told that it has expired. */
function forgetExpired(identities: Map<string, Identity>, now: number): void {
  for (const [key, { expiration }] of identities) {
    if (expiration && expiration.getTime() + 3_600_000 < now) identities.delete(key);
  }
}

/** Who a session of a role is. */
export function sessionOf(
  context: Pick<SandboxContext, 'accountId'>,
  role: Role,
  sessionName: string,
): Caller {
  return {
    accountId: context.accountId,
    arn: `arn:aws:sts::${context.accountId}:assumed-role/${role.roleName}/${sessionName}`,
    userId: `${role.roleId}:${sessionName}`,
    roleName: role.roleName,
  };
}

/** Upper-case letters and digits 2–7, as in IAM's unique identifiers. */
export function uniqueId(context: Pick<SandboxContext, 'random'>, length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from({ length }, () => alphabet[Math.floor(context.random.next() * 32)]).join('');
}
