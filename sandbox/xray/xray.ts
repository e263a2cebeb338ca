import * as sdk from '@aws-sdk/client-xray';
import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { type Daemon, openDaemon } from './daemon.ts';
import { batchGetTraces } from './operations/batch-get-traces.ts';
import { getTraceSummaries } from './operations/get-trace-summaries.ts';
import { putTraceSegments } from './operations/put-trace-segments.ts';
import type { SegmentDocument } from './segment.ts';
import { createTraceStore } from './store.ts';

export interface XrayOptions {
  /** Whether a new trace is kept. AWS's default rule keeps the first of each second and a twentieth of the others. */
  sample?: () => boolean;
}

interface XrayNeeds {
  iam: { authorizeRole(roleArn: string, requests: AuthorizationRequest[], principal?: string): void };
}

/** AWS X-Ray: takes segments from daemons and from the services of the sandbox, and shows traces. */
export interface Xray {
  definition: ServiceDefinition;
  /** The decision about a trace that nobody has decided about yet. */
  sample(): boolean;
  /** Keeps what a service of the sandbox itself did. */
  record(segment: SegmentDocument): void;
  /** The daemon beside a function: what it is sent it puts with the function's role. */
  openDaemon(roleArn: string): Daemon;
}

const PUT = { action: 'xray:PutTraceSegments', resources: ['*'] };

export function createXray(context: SandboxContext, { iam }: XrayNeeds, options: XrayOptions = {}): Xray {
  const store = createTraceStore();
  const put = putTraceSegments(store);
  return {
    definition: {
      signingName: 'xray',
      sdk,
      operations: {
        PutTraceSegments: put,
        BatchGetTraces: batchGetTraces(store),
        GetTraceSummaries: getTraceSummaries(store),
      },
    },
    sample: options.sample ?? (() => true),
    record: store.put,
    openDaemon: (roleArn) =>
      openDaemon((document) => {
        try {
          iam.authorizeRole(roleArn, [PUT], 'lambda.amazonaws.com');
          for (const { Message } of put({ TraceSegmentDocuments: [document] }).UnprocessedTraceSegments ?? [])
            context.debug(`xray: ${Message}`);
        } catch (error) {
          context.debug(`xray: a segment was not taken: ${error}`);
        }
      }),
  };
}
