import * as z from 'zod';

/** Epoch milliseconds: moments as they are kept and compared. */
export const Instant = z.number().int().nonnegative();

/** A moment as people and the API read it: ISO 8601, in UTC. */
export const formatInstant = (milliseconds: number) => new Date(milliseconds).toISOString();
