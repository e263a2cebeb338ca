import type { LambdaIam, LambdaLogs } from '#sandbox/lambda/needs.ts';

/** The narrow part of IAM and Logs that Lambda needs, with everything it wrote. */
export function lambdaNeeds(expiration = () => new Date('2999-01-01T00:00:00Z')) {
  const lines: { group: string; stream: string; message: string }[] = [];
  const sessions: { roleArn: string; sessionName: string }[] = [];
  const logs: LambdaLogs = { write: (group, stream, message) => void lines.push({ group, stream, message }) };
  const iam: LambdaIam = {
    roleExists: (roleArn) => !roleArn.endsWith('/missing'),
    issueCredentials(roleArn, sessionName) {
      sessions.push({ roleArn, sessionName });
      return {
        accessKeyId: `ASIA${sessions.length}`,
        secretAccessKey: 'secret',
        sessionToken: 'token',
        expiration: expiration(),
      };
    },
  };
  return { iam, logs, lines, sessions, messages: () => lines.map(({ message }) => message) };
}
