import type { AuthorizationRequest } from '#sandbox/core/service.ts';
import type { SegmentDocument } from '#sandbox/xray/segment.ts';

/** What Step Functions needs of Lambda. Service errors are thrown as AwsError. */
export interface StatesLambda {
  invoke(
    functionNameOrArn: string,
    payload: string,
    options?: { signal?: AbortSignal; traceHeader?: string | undefined },
  ): Promise<{ payload: string; functionError?: 'Handled' | 'Unhandled' }>;
}

/** What Step Functions needs of X-Ray. */
export interface StatesXray {
  sample(): boolean;
  record(segment: SegmentDocument): void;
}

/** What Step Functions needs of IAM: it acts as the state machine's role. */
export interface StatesIam {
  authorizeRole(roleArn: string, requests: AuthorizationRequest[], principal?: string): void;
}
