import type { AuthorizationRequest } from '#sandbox/core/service.ts';

/** What Lambda needs of IAM: a session of the function's role. */
export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

export interface LambdaIam {
  issueCredentials(roleArn: string, sessionName: string): RoleCredentials;
  roleExists(roleArn: string): boolean;
  /** Whether the function's role may send to the function's destination. */
  authorizeRole?(roleArn: string, requests: AuthorizationRequest[], principal?: string): void;
}

/** What Lambda needs of CloudWatch Logs. */
export interface LambdaLogs {
  write(logGroupName: string, logStreamName: string, message: string, timestamp?: number): void;
}
