import { forRoute } from '#lib/middleware/api.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { readServiceStatus } from '#lib/operations/service-status.ts';

/** GET /services: every service of services.yml, by name, as GET /services/{service} shows it, without its tasks. */
export const handler = forRoute({}, async () => {
  const entries = Object.entries(readServices()).sort(([one], [other]) => (one < other ? -1 : 1));
  const services = await Promise.all(entries.map(([name, settings]) => readServiceStatus(name, settings)));
  return { status: 200, body: { services } };
});
