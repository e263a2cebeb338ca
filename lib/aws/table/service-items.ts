import { emptyServiceItem, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { installedTable, type Table } from './table.ts';
import { createVersionedItems, type VersionedItems } from './versioned-items.ts';

/** The items of services, by the service's name. Both calls fail with StateUnavailable where the table fails. */
export type ServiceItems = VersionedItems<string, ServiceItem>;

export const createServiceItems = (table: Table = installedTable()): ServiceItems =>
  createVersionedItems(table, {
    schema: ServiceItem,
    keyOf: (service) => ({ pk: `SERVICE#${service}`, sk: 'STATE' }),
    missing: emptyServiceItem,
    describe: (service) => `the item of ${service}`,
    /** A claim or freeze that cannot be read counts as frozen: fail closed, under a name of its own. */
    faultOf: (service, error) => {
      const { name, message } = error as Error;
      return new DeploymentError('StateUnavailable', `${service}: ${name}: ${message.replace(/\.$/, '')}`, {
        cause: error,
      });
    },
  });
