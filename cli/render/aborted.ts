import type { Deployment, Service } from '#cli/client/contract.ts';
import type { Style } from './style.ts';

/** What it means that a deployment was stopped where it was: what goes on, who is next, and the ways back and on. */
export function renderAborted(
  { deployment, service, steps }: Deployment,
  waiter: Service['waiter'],
  style: Style,
): string[] {
  const state = steps.at(-1)?.state;
  const lastOrder = describeLastOrder(steps);
  const next = waiter === null || waiter.deployment === deployment ? undefined : waiter.deployment;
  return [
    `Stopped${state === undefined ? '' : ` in ${state}`}. ${lastOrder.text}`,
    ...(next === undefined
      ? [
          ...(lastOrder.needsRollback
            ? [`  lead it back:   ${style.cyan(`landfall rollback ${service}`)}`]
            : []),
          `  go on with it:  ${style.cyan(`landfall redrive ${deployment}`)}`,
        ]
      : [`${next}, which waited, starts now.`, `  watch it:       ${style.cyan(`landfall watch ${next}`)}`]),
    `  see what runs:  ${style.cyan(`landfall status ${service}`)}`,
  ];
}

/** What ECS was told last, and whether that leads away from what ran before. */
function describeLastOrder(steps: Deployment['steps']): { text: string; needsRollback: boolean } {
  const order = steps.findLast(({ state }) => state === 'UpdateService' || state === 'RollBackService');
  if (order === undefined) return { text: 'The service was not touched.', needsRollback: false };
  if (order.state === 'RollBackService')
    return { text: 'ECS goes on with the way back that it was told.', needsRollback: false };
  return { text: 'It is not rolled back: ECS goes on with what it was told.', needsRollback: true };
}
