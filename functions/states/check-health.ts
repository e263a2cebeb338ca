import { createBalancers } from '#lib/aws/balancers.ts';
import { instanceIdsOf } from '#lib/aws/ecs/instances.ts';
import { createEcsServices, observeService, type Service } from '#lib/aws/ecs/services.ts';
import { createTasks } from '#lib/aws/ecs/tasks.ts';
import { probe } from '#lib/aws/probe.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { type DeploymentDocument, requireValue } from '#lib/deployment/document.ts';
import { extendDeadline } from '#lib/deployment/rollout/deadline.ts';
import { decideHealth, explainUnhealthy } from '#lib/deployment/rollout/health.ts';
import { decideUndone } from '#lib/deployment/rollout/rollout.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';
import { withLogTail } from '#lib/operations/task-logs.ts';

type LoadBalancer = NonNullable<Service['loadBalancers']>[number];

const services = createEcsServices();
const tasks = createTasks();
const balancers = createBalancers();

/** One look at the targets of the new tasks and one request through the load balancer; the machine repeats it. */
export const handler = forState(async (input) => {
  const document = await claims.ensureClaim(input);
  const { health: settings } = document.settings;
  const fresh = {
    verdict: 'waiting' as const,
    consecutive: 0,
    deadline: now() + settings.timeoutSeconds * 1000,
  };
  const { redrivenAt = 0 } = input.execution;
  const previous = extendDeadline(document.health ?? fresh, redrivenAt, settings.timeoutSeconds);
  return { ...document, health: decideHealth(previous, await look(document), settings, now()) };
});

/** One look, also at whether the rollout has come undone. Returns why the service is not healthy. */
async function look(document: DeploymentDocument): Promise<string | undefined> {
  const { settings } = document;
  const { cluster, service } = settings;
  const found = await services.describe(cluster, service);
  const because = found === undefined ? `${service} is gone` : await explainUnhealthyService(document, found);
  const undone = decideUndone(
    found && observeService(found),
    because === undefined ? [] : await tasks.stoppedOf(cluster, service),
    requireValue(document.rollout, 'rollout'),
    settings.rollout,
    now(),
  );
  if (undone?.verdict === 'failed') throw await withLogTail(undone.error, settings);
  return because;
}

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
    const answer = await askThrough(balancer, settings.health);
    const because = explainUnhealthy(targets, expected, answer, settings.health);
    if (because !== undefined) return because;
  }
  return undefined;
}

async function askThrough(balancer: LoadBalancer, settings: ServiceSettings['health']) {
  if (!settings.probe) return undefined;
  const origin = settings.url?.replace(/\/+$/, '') ?? (await balancers.url(balancer));
  return origin === undefined ? undefined : probe(origin + settings.path, settings.probeTimeoutSeconds);
}
