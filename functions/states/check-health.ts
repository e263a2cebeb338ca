import { type Balancers, createBalancers } from '#lib/aws/balancers.ts';
import { instanceIdsOf } from '#lib/aws/ecs/instances.ts';
import { createEcsServices, type EcsServices, observeService } from '#lib/aws/ecs/services.ts';
import { createTasks, type Tasks } from '#lib/aws/ecs/tasks.ts';
import { probe } from '#lib/aws/probe.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { type DeploymentDocument, requireValue } from '#lib/deployment/document.ts';
import { decideHealth, explainUnhealthy } from '#lib/deployment/rollout/health.ts';
import { decideUndone } from '#lib/deployment/rollout/rollout.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { warn } from '#lib/middleware/logger.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, installedClaims } from '#lib/operations/claims.ts';
import { createTaskLogs, type TaskLogs, withLogTail } from '#lib/operations/task-logs.ts';
import { extendDeadline } from '#lib/operations/wait-state.ts';

type Service = NonNullable<Awaited<ReturnType<EcsServices['describe']>>>;
type LoadBalancer = NonNullable<Service['loadBalancers']>[number];

interface Needs {
  claims: Pick<Claims, 'ensureClaim'>;
  services: Pick<EcsServices, 'describe'>;
  tasks: Pick<Tasks, 'runningOf' | 'stoppedOf'>;
  logs: TaskLogs;
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
  logs,
  instanceIdsOf,
  balancers,
  probe,
  now,
}: Needs): StateHandler {
  async function explainUnhealthyService(
    document: DeploymentDocument,
    service: Service,
  ): Promise<string | undefined> {
    const { settings } = document;
    const { deploymentId, taskDefinition } = requireValue(document.rollout, 'rollout');
    const running = await tasks.runningOf(settings.cluster, settings.service, deploymentId);
    const { desiredCount = 0, loadBalancers = [] } = service;
    if (running.length < desiredCount)
      return `${running.length} of ${desiredCount} tasks of ${taskDefinition} run`;
    // Scaled to zero: there is nothing that could be asked.
    if (desiredCount === 0) return undefined;
    const instanceIds = await instanceIdsOf(settings.cluster, running);
    for (const balancer of loadBalancers) {
      const targets = await balancers.targets(balancer, running, instanceIds);
      const expected = balancer.loadBalancerName === undefined ? running.length : instanceIds.size;
      const answer = await ask(balancer, settings.health);
      const because = explainUnhealthy(targets, expected, answer, settings.health);
      if (because !== undefined) return because;
    }
    return undefined;
  }

  async function ask(balancer: LoadBalancer, settings: ServiceSettings['health']) {
    if (!settings.probe) return undefined;
    const origin = settings.url?.replace(/\/+$/, '') ?? (await balancers.url(balancer));
    return origin === undefined ? undefined : probe(origin + settings.path, settings.probeTimeoutSeconds);
  }

  /** One look, also at whether the rollout has come undone. */
  async function look(document: DeploymentDocument): Promise<string | undefined> {
    const { settings } = document;
    const { cluster, service } = settings;
    const found = await services.describe(cluster, service);
    const because =
      found === undefined ? `${service} is gone` : await explainUnhealthyService(document, found);
    const undone = decideUndone(
      found && observeService(found),
      because === undefined ? [] : await tasks.stoppedOf(cluster, service),
      requireValue(document.rollout, 'rollout'),
      settings.rollout,
      now(),
    );
    if (undone?.verdict === 'failed') throw await withLogTail(logs, undone.error, settings);
    return because;
  }

  return async (input) => {
    const { execution } = input;
    const document = await claims.ensureClaim(input);
    const { health: settings } = document.settings;
    const fresh = {
      verdict: 'waiting' as const,
      consecutive: 0,
      deadline: now() + settings.timeoutSeconds * 1000,
    };
    const previous = extendDeadline(
      document.health ?? fresh,
      execution.redrivenAt ?? 0,
      settings.timeoutSeconds,
    );
    return { ...document, health: decideHealth(previous, await look(document), settings, now()) };
  };
}

export const handler = forState(
  createCheckHealth({
    claims: installedClaims(),
    services: createEcsServices(),
    tasks: createTasks(),
    logs: createTaskLogs(warn),
    instanceIdsOf,
    balancers: createBalancers(),
    probe,
    now,
  }),
);
