import { refuseOlderThanSchema } from '#lib/deployment/claim/schema-ahead.ts';
import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument, LastKnownGood } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { formatInstant } from '#lib/deployment/instant.ts';
import { nameRollbackExecution } from '#lib/deployment/naming.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';

const NAME_ANOTHER = 'name a deployment that has been live, or deploy the commit or the image that is wanted';

/** A release to go back to. */
export type RollbackTarget = Pick<LastKnownGood, 'deployment' | 'taskDefinition' | 'at'> & {
  digest: string;
  commit?: string;
};

/**
 * The target of a rollback that names none. While a deployment is under way, or where something else than the last
 * known good runs, it is the last known good. Otherwise it is the newest remembered release that differs from it.
 */
export function findRollbackTarget(
  item: ServiceItem,
  running: string | undefined,
): LastKnownGood | undefined {
  const { claim, lastKnownGood, previousGood = [] } = item;
  const isElsewhere = claim !== undefined || running !== lastKnownGood?.taskDefinition;
  return isElsewhere ? lastKnownGood : previousGood.find((each) => !isSame(each, lastKnownGood));
}

/** The same, or NothingToRollBackTo where there is none. */
export function chooseRollbackTarget(item: ServiceItem, running: string | undefined): RollbackTarget {
  const { service, lastKnownGood } = item;
  const found = findRollbackTarget(item, running);
  if (found !== undefined) return toRollbackTarget(found);
  if (lastKnownGood === undefined)
    throw new DeploymentError('NothingToRollBackTo', `nothing of ${service} has gone live yet`);
  const why = `${lastKnownGood.deployment} is live, and no other release before it is remembered`;
  throw new DeploymentError('NothingToRollBackTo', why, { remedy: NAME_ANOTHER });
}

/** Whether both deployed the same image of the same commit. A rollback from one to the other would change nothing. */
const isSame = (one: LastKnownGood, other: LastKnownGood | undefined) =>
  one.digest !== undefined && one.digest === other?.digest && one.commit === other.commit;

/** What the record of a deployment says of its end. */
interface EndedRecord extends Pick<LastKnownGood, 'deployment' | 'digest' | 'commit'> {
  status: string;
  taskDefinition?: string | undefined;
  startedAt: number;
  endedAt?: number | undefined;
}

/** The release of a deployment that somebody named. It has to have been live. Fails with NothingToRollBackTo. */
export function rollbackTargetOf(record: EndedRecord): RollbackTarget {
  const { deployment, status, taskDefinition, digest, commit, startedAt, endedAt: at = startedAt } = record;
  if (status === 'SUCCEEDED' && taskDefinition !== undefined)
    return toRollbackTarget({ deployment, taskDefinition, digest, commit, at });
  throw new DeploymentError('NothingToRollBackTo', `${deployment} is ${status} and has not been live`, {
    remedy: NAME_ANOTHER,
  });
}

function toRollbackTarget({ deployment, taskDefinition, digest, commit, at }: LastKnownGood): RollbackTarget {
  if (digest === undefined)
    throw new DeploymentError('NothingToRollBackTo', `the image of ${deployment} is not on record`, {
      remedy: NAME_ANOTHER,
    });
  return { deployment, taskDefinition, at, digest, commit };
}

/** Fails with SchemaAhead where a migration that is not backward compatible has run since that release was live. */
export function refuseSchemaAhead(
  { schemaAhead }: Pick<ServiceItem, 'schemaAhead'>,
  to: RollbackTarget,
): void {
  refuseOlderThanSchema(schemaAhead, to.at, `${to.deployment} went live on ${formatInstant(to.at)}`);
}

/** The deployment that goes back: of a revision that has been live, so nothing is registered and nothing migrated. */
export function documentOfRollback(
  service: string,
  settings: ServiceSettings,
  to: RollbackTarget,
  {
    registry,
    key,
    requestedBy,
    force,
    acrossSchema,
  }: { registry: string; key: string; requestedBy: string; force: boolean; acrossSchema: boolean },
): DeploymentDocument {
  const { taskDefinition, digest, commit } = to;
  return {
    deployment: nameRollbackExecution(service, key),
    service,
    settings,
    trigger: {
      kind: 'rollback',
      requestedBy,
      force: force || undefined,
      acrossSchema: acrossSchema || undefined,
    },
    release: {
      image: `${registry}/${settings.repository}`,
      digest,
      commit,
      taskDefinition,
    },
  };
}
