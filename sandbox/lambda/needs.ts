import type { ServiceCalls } from '#sandbox/core/calls.ts';
import type { AuthorizationRequest } from '#sandbox/core/service.ts';
import type { Daemon } from '#sandbox/xray/daemon.ts';
import type { SegmentDocument } from '#sandbox/xray/segment.ts';

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

/** What Lambda needs of X-Ray. */
export interface LambdaXray {
  sample(): boolean;
  record(segment: SegmentDocument): void;
  openDaemon(roleArn: string): Daemon;
}

/** What Lambda needs of CloudWatch Logs. */
export interface LambdaLogs {
  write(logGroupName: string, logStreamName: string, message: string, timestamp?: number): void;
}

export interface LambdaNeeds {
  iam: LambdaIam;
  logs: LambdaLogs;
  xray?: LambdaXray;
  /** For code in S3, dead-letter queues and destinations. Looked up late: those services may come later. */
  services?: ServiceCalls;
}
