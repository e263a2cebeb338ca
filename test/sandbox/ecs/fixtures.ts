import type { Behaviour } from '#sandbox/containers/scripted-runtime.ts';
import type { EcsOptions } from '#sandbox/ecs/options.ts';
import { createSimulation } from './harness.ts';

export const targetGroup = { targetGroupArn: 'arn:targetgroup', containerName: 'webapp', containerPort: 80 };
export const classic = {
  loadBalancerName: 'webapp-load-balancer',
  containerName: 'webapp',
  containerPort: 80,
};
export const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const container = (changes: object = {}) => ({
  name: 'webapp',
  image: 'webapp:1',
  cpu: 128,
  memory: 128,
  portMappings: [{ containerPort: 80 }],
  ...changes,
});
export const release = (image: string, changes: object = {}) => ({
  containerDefinitions: [container({ image, ...changes })],
});
export const staticPort = { portMappings: [{ containerPort: 80, hostPort: 80 }] };

/** A service that runs webapp:1 and is steady; images named `crash` exit, others run. */
export async function steady({
  behave = ({ image }) => (image.includes('crash') ? { exitAfterMilliseconds: 3000, exitCode: 1 } : {}),
  first = release('webapp:1'),
  service = {},
  ...options
}: {
  behave?: (spec: { image: string }) => Behaviour;
  first?: object;
  service?: object;
} & EcsOptions = {}) {
  const simulation = await createSimulation(
    ({ imageReference }) => behave({ image: imageReference }),
    options,
  );
  await simulation.register(first);
  await simulation.createService(service);
  await simulation.until(async () => (await simulation.messages())[0]?.endsWith('steady state.') ?? false);
  const update = (changes: object) => simulation.call('UpdateService', { service: 'web', ...changes });
  return { ...simulation, update };
}

export const idOf = async ({ service }: { service: () => Promise<{ deployments?: { id?: string }[] }> }) =>
  (await service()).deployments?.[0]?.id as string;
