/** A stream of CloudWatch Logs. */
export interface LogStream {
  logGroupName: string;
  logStreamName: string;
}
