import type { Api } from './api.ts';
import type { DeploymentSummary } from './contract.ts';

export interface Wanted {
  limit: number;
  cursor?: string;
  /** Only those that failed, were aborted or timed out. */
  failed?: boolean;
  /** Only those of the commit that begins so. */
  commit?: string;
}

const FAILED = new Set<DeploymentSummary['status']>(['FAILED', 'ABORTED', 'TIMED_OUT']);
/** The API knows no filters: so many deployments are read at once, and in all, to find those that are wanted. */
const PAGE = 100;
const PAGES = 10;

/**
 * A page of a service's history, newest first. With a filter it is all there is, up to the limit, and ends without a
 * cursor, except where a thousand deployments did not have that many.
 */
export async function searchHistory(api: Api, service: string, { limit, cursor, ...wanted }: Wanted) {
  if (wanted.failed === undefined && wanted.commit === undefined)
    return api.deployments(service, { limit, cursor });
  const found: DeploymentSummary[] = [];
  let next = cursor;
  for (let page = 0; page < PAGES; page++) {
    const { deployments, nextCursor } = await api.deployments(service, { limit: PAGE, cursor: next });
    found.push(...deployments.filter((each) => isWanted(each, wanted)));
    if (nextCursor === null || found.length >= limit)
      return { deployments: found.slice(0, limit), nextCursor: null };
    next = nextCursor;
  }
  return { deployments: found, nextCursor: next ?? null };
}

const isWanted = ({ status, commit }: DeploymentSummary, wanted: Pick<Wanted, 'failed' | 'commit'>) =>
  (wanted.failed !== true || FAILED.has(status)) &&
  (wanted.commit === undefined || commit?.startsWith(wanted.commit) === true);
