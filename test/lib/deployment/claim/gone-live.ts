import { emptyServiceItem, type ServiceItem } from '#lib/deployment/claim/service-item.ts';

/** Services on which releases have gone live. */

export const good = (name: string) => ({
  deployment: `webapp-${name}`,
  taskDefinition: `webapp:${name}`,
  digest: `sha256:${name.slice(0, 1).repeat(64)}`,
  at: 0,
});

export const item = (...newestFirst: string[]): ServiceItem => {
  const [live, ...previous] = newestFirst.map(good);
  return { ...emptyServiceItem('webapp'), ...(live && { lastKnownGood: live }), previousGood: previous };
};
