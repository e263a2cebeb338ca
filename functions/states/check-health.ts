import { type Balancers, createBalancers } from '#lib/aws/balancers.ts';
import { type Claims, tableClaims } from '#lib/aws/claims.ts';
import { type Now, now } from '#lib/aws/clock.ts';
import { instanceIdsOf } from '#lib/aws/ecs/instances.ts';
import { createEcsServices, type EcsServices } from '#lib/aws/ecs/services.ts';
import { createTasks, type Tasks } from '#lib/aws/ecs/tasks.ts';
import { probe } from '#lib/aws/probe.ts';
import { extended } from '#lib/aws/wait-state.ts';
import { type DeploymentDocument, required } from '#lib/deployment/document.ts';
import { decideHealth, unhealthyBecause } from '#lib/deployment/health.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';

interface Needs {
  claims: Pick<Claims, 'rejoin'>;
  services: Pick<EcsServices, 'describe'>;
  tasks: Pick<Tasks, 'runningOf'>;
  instanceIdsOf: typeof instanceIdsOf;
  balancers: Balancers;
  probe: typeof probe;
  now: Now;
}

/** One look at the targets of the new tasks and one request through the load balancer; the machine repeats it. */
export function createCheckHealth({
  claims,
  services,
  tasks,
  instanceIdsOf,
  balancers,
  probe,
  now,
}: Needs): StateHandler {
  async function whatIsWrong(document: DeploymentDocument): Promise<string | undefined> {
    const { cluster, service, health: settings } = document.settings;
    const rollout = required(document.rollout, 'rollout');
    const running = await tasks.runningOf(cluster, service, rollout.deploymentId);
    const instanceIds = await instanceIdsOf(cluster, running);
    for (const balancer of (await services.describe(cluster, service))?.loadBalancers ?? []) {
      const targets = await balancers.targets(balancer, running, instanceIds);
      const expected = balancer.loadBalancerName === undefined ? running.length : instanceIds.size;
      const origin = settings.probe ? await balancers.url(balancer) : undefined;
      const answer =
        origin === undefined ? undefined : await probe(origin + settings.path, settings.probeTimeoutSeconds);
      const because = unhealthyBecause(targets, expected, answer, settings);
      if (because !== undefined) return because;
    }
    return undefined;
  }

  return async (input) => {
    const { execution } = input;
    const document = await claims.rejoin(input);
    const { health: settings } = document.settings;
    const fresh = {
      verdict: 'waiting' as const,
      consecutive: 0,
      deadline: now() + settings.timeoutSeconds * 1000,
    };
    const previous = extended(document.health ?? fresh, execution.redrivenAt ?? 0, settings.timeoutSeconds);
    return { ...document, health: decideHealth(previous, await whatIsWrong(document), settings, now()) };
  };
}

export const handler = forState(
  createCheckHealth({
    claims: tableClaims(),
    services: createEcsServices(),
    tasks: createTasks(),
    instanceIdsOf,
    balancers: createBalancers(),
    probe,
    now,
  }),
);
