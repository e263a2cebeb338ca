import type { Failure } from '@aws-sdk/client-ecs';

const guide = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

/** Nearest miss first: an instance that only lacks a port is closer than one that lacks memory. */
const missing: [reason: string, words: string][] = [
  ['RESOURCE:PORTS', 'is already using a port required by your task'],
  ['RESOURCE:CPU', 'has insufficient CPU units available'],
  ['RESOURCE:MEMORY', 'has insufficient memory available'],
  ['ATTRIBUTE', 'is missing an attribute required by your task'],
];

/** The service event for a task without a place, as AWS words it, and the failure it speaks of. */
export function placementMessage(failures: Failure[]): { message: string; failure?: Failure } {
  const unable = 'was unable to place a task because no container instance met all of its requirements.';
  for (const [reason, words] of missing) {
    const failure = failures.find((one) => one.reason === reason);
    if (!failure) continue;
    const id = failure.arn?.split('/').at(-1);
    return {
      message: `${unable} The closest matching (container-instance ${id}) ${words}. ${guide}`,
      failure,
    };
  }
  const [failure] = failures;
  const reason = failure?.reason ?? 'No Container Instances were found in your cluster.';
  return { message: `${unable} Reason: ${reason} ${guide}`, failure };
}
