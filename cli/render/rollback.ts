import type { Service } from '#cli/client/contract.ts';
import { revisionOf, shortenCommit } from './format.ts';

type Good = NonNullable<Service['rollbackTo']>;

/** `rolls back webapp from webapp:8 (commit 0123456) to webapp:7 (commit aaaaaaa)`; `to` is a deployment that was named. */
export function describeRollback(service: Service, to: string | undefined): string {
  const { running, lastKnownGood, latest, rollbackTo } = service;
  const from =
    running === null
      ? ''
      : ` from ${releaseOf({
          taskDefinition: running.taskDefinition,
          commit: [lastKnownGood, latest].find((each) => each?.taskDefinition === running.taskDefinition)
            ?.commit,
        })}`;
  const target = to === undefined ? rollbackTo && releaseOf(rollbackTo) : `the release of ${to}`;
  return `rolls back ${service.service}${from} to ${target ?? 'the release before'}`;
}

const releaseOf = ({
  taskDefinition,
  commit,
}: Pick<Good, 'taskDefinition'> & { commit?: string | undefined }) =>
  `${revisionOf(taskDefinition)}${commit === undefined ? '' : ` (commit ${shortenCommit(commit)})`}`;
