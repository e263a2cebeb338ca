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
}

/** What Lambda needs of CloudWatch Logs. */
export interface LambdaLogs {
  write(logGroupName: string, logStreamName: string, message: string, timestamp?: number): void;
}
