import type { Deployment, Service } from '../contract.ts';
import type { Style } from './style.ts';

/** What it means that a deployment was stopped where it was: what goes on, who is next, and the ways back and on. */
export function renderAborted(
  { deployment, service, steps }: Deployment,
  waiter: Service['waiter'],
  style: Style,
): string[] {
  const state = steps.at(-1)?.state;
  const isTouched = steps.some((step) => step.state === 'UpdateService');
  const next = waiter === null || waiter.deployment === deployment ? undefined : waiter.deployment;
  return [
    `Stopped${state === undefined ? '' : ` in ${state}`}. ${isTouched ? 'It is not rolled back: ECS goes on with what it was told.' : 'The service was not touched.'}`,
    ...(next === undefined
      ? [
          ...(isTouched ? [`  lead it back:   ${style.cyan(`landfall rollback ${service}`)}`] : []),
          `  go on with it:  ${style.cyan(`landfall redrive ${deployment}`)}`,
        ]
      : [`${next}, which waited, starts now.`, `  watch it:       ${style.cyan(`landfall watch ${next}`)}`]),
    `  see what runs:  ${style.cyan(`landfall status ${service}`)}`,
  ];
}
