import type { HealthCheck, HealthStatus, Task } from '@aws-sdk/client-ecs';
import type { ContainerRecord, Ecs, TaskRecord } from '../state.ts';
import { changed } from './changed.ts';

/** Docker's defaults for a health check, as ECS fills them in. */
const defaults = { interval: 30, timeout: 5, retries: 3, startPeriod: 0 };

/** Runs a container's health check command again and again, until the container ends. */
export function watchHealth(ecs: Ecs, record: TaskRecord, container: ContainerRecord): void {
  const { healthCheck } = container.definition;
  const { clock } = ecs.context;
  if (!healthCheck || healthCheck.command?.[0] === 'NONE' || !container.handle) return;
  const { interval, timeout, retries, startPeriod } = { ...defaults, ...defined(healthCheck) };
  const { handle } = container;
  const startedAt = clock.now();
  let failures = 0;
  let timer = clock.setTimeout(check, interval * 1000);
  let ended = false;
  container.exited.promise.then(() => {
    ended = true;
    clock.clearTimeout(timer);
  });
  async function check() {
    const exitCode = await handle.exec(commandOf(healthCheck as HealthCheck), timeout * 1000).catch(() => 1);
    if (ended) return;
    if (exitCode === 0) {
      failures = 0;
      container.healthy.resolve();
      setHealth(ecs, record, container, 'HEALTHY');
    } else if (clock.now() - startedAt > startPeriod * 1000 && ++failures >= retries) {
      setHealth(ecs, record, container, 'UNHEALTHY');
    }
    timer = clock.setTimeout(check, interval * 1000);
  }
}

function defined(healthCheck: HealthCheck): Partial<typeof defaults> {
  const { command: _, ...numbers } = healthCheck;
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
}

function commandOf({ command = [] }: HealthCheck): string[] {
  const [kind, ...words] = command;
  if (kind === 'CMD') return words;
  return ['/bin/sh', '-c', kind === 'CMD-SHELL' ? words.join(' ') : command.join(' ')];
}

function setHealth(ecs: Ecs, record: TaskRecord, { container }: ContainerRecord, status: HealthStatus): void {
  if (container.healthStatus === status) return;
  container.healthStatus = status;
  record.task.healthStatus = overall(record);
  changed(ecs, record);
}

/** The task is as healthy as its essential containers that have a health check. */
function overall({ containers }: TaskRecord): Task['healthStatus'] {
  const statuses = containers
    .filter(({ definition }) => definition.essential !== false && definition.healthCheck)
    .map(({ container }) => container.healthStatus);
  if (statuses.includes('UNHEALTHY')) return 'UNHEALTHY';
  return statuses.length > 0 && statuses.every((status) => status === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}
