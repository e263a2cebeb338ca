import type { Probe } from '#lib/deployment/rollout/health.ts';

/** One GET, as a client of the service makes it. A redirect is an answer of its own and is not followed. */
export async function probe(url: string, timeoutSeconds: number): Promise<Probe> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    await response.body?.cancel();
    return { url, status: response.status };
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === 'TimeoutError') return { url, error: `no answer within ${timeoutSeconds} seconds` };
    return { url, error: cause instanceof Error ? cause.message : message };
  }
}
