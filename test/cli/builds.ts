import type { Build } from '#cli/client/contract.ts';

/** One build of CodeBuild, from its beginning to its end. */

export const NOW = Date.parse('2030-01-31T12:00:30.000Z');

export const at = (second: number) => new Date(NOW - 30_000 + second * 1_000).toISOString();

type Phase = Build['phases'][number];

export const phase = (name: string, from: number, to: number | null, rest: Partial<Phase> = {}): Phase => ({
  phase: name,
  status: to === null ? null : 'SUCCEEDED',
  startedAt: at(from),
  endedAt: to === null ? null : at(to),
  ...rest,
});

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

export const ID = 'landfall-dev-webapp:7d0c';

export const DEPLOYMENT = 'webapp-0123456789ab-8';

export const justBegun: Build = {
  service: 'webapp',
  build: ID,
  correlationId: ID,
  status: 'IN_PROGRESS',
  ref: 'main',
  startedAt: at(0),
  endedAt: null,
  requestedBy: 'arn:aws:iam::123456789012:user/jane',
  phases: [phase('SUBMITTED', 0, 0.4), phase('PROVISIONING', 0.4, null)],
  deployment: null,
};

export const building: Build = {
  ...justBegun,
  commit: COMMIT,
  phases: [phase('SUBMITTED', 0, 0.4), phase('PROVISIONING', 0.4, 4), phase('BUILD', 4, null)],
};

export const built: Build = {
  ...building,
  status: 'SUCCEEDED',
  endedAt: at(20),
  phases: [phase('SUBMITTED', 0, 0.4), phase('PROVISIONING', 0.4, 4), phase('BUILD', 4, 20)],
};

export const failed: Build = {
  ...building,
  status: 'FAILED',
  endedAt: at(20),
  phases: [
    phase('PROVISIONING', 0.4, 4),
    phase('BUILD', 4, 20, {
      status: 'FAILED',
      message: 'Error while executing command: docker build . Reason: exit status 3',
    }),
  ],
  logs: 'https://console.aws.amazon.com/cloudwatch/home#log',
  logTail: ['Step 5/6 : RUN make', 'make: *** No targets. Stop.'],
};

export const FAILURE = `\
✗ landfall-dev-webapp:7d0c failed: BuildFailed after 20 s

  BUILD is FAILED.
  Error while executing command: docker build . Reason: exit status 3
  Last log lines:
    Step 5/6 : RUN make
    make: *** No targets. Stop.

Nothing was deployed. See what runs: landfall status webapp
The whole log: https://console.aws.amazon.com/cloudwatch/home#log
`;
