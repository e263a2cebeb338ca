import * as z from 'zod';
import { DeploymentDocument, LastKnownGood } from '#lib/deployment/document.ts';
import { Freeze } from './freeze.ts';

/** What is remembered of a service: all of it is one item of the table, so that every change is one conditional write. */

/** One run of an execution. What a later run of it (a redrive) holds is not this run's to free. */
const Run = z.object({
  /** Execution ARN: a redrive keeps it. */
  owner: z.string(),
  redriveCount: z.number().int().nonnegative(),
});
export type Run = z.infer<typeof Run>;

const Holder = Run.extend({
  deployment: z.string(),
  builtAt: z.number().int().optional(),
  since: z.number(),
});

export type Holder = z.infer<typeof Holder>;

const Waiter = Holder.extend({
  /** When its run began: of two that would wait, the one that began later does. */
  startedAt: z.number(),
  taskToken: z.string(),
  document: DeploymentDocument,
});
export type Waiter = z.infer<typeof Waiter>;

/** A call that changes the world, begun and perhaps not landed. */
const Acting = Run.extend({
  deployment: z.string(),
  /** Of this very call. */
  id: z.string(),
  /** Epoch milliseconds: it has landed by then, or never will. */
  until: z.number(),
});

/** A rollback by hand that somebody has asked for. It may be starting, queued, under way, or have gone live. */
const AskedRollback = z.object({
  deployment: z.string(),
  /** The revision that it goes back to, fixed when it was asked for. */
  taskDefinition: z.string(),
  /** When it was asked for. */
  at: z.number(),
  isLive: z.boolean().optional(),
});
export type AskedRollback = z.infer<typeof AskedRollback>;

const SchemaAhead = z.object({ deployment: z.string(), at: z.number() });
export type SchemaAhead = z.infer<typeof SchemaAhead>;

export const ServiceItem = z.object({
  service: z.string(),
  /** Rises with every grant and every release: who acts on an older one is stale. */
  fence: z.number().int(),
  claim: Holder.optional(),
  waiter: Waiter.optional(),
  /** The last call that changed the world. Whoever comes next waits until it has landed: see acting.ts. */
  acting: Acting.optional(),
  /** The run that held the claim last: an invocation of it that wakes up late must not take the claim again. */
  released: Run.optional(),
  freeze: Freeze.optional(),
  lastKnownGood: LastKnownGood.optional(),
  /** Since when what runs is no good release: a change failed and was not rolled back. */
  brokenSince: z.number().optional(),
  /**
   * The last migration that ran of which services.yml says `backwardCompatible: false`: what went live before `at` cannot
   * run on the schema any more.
   */
  schemaAhead: SchemaAhead.optional(),
  /** What was live before it, newest first: what a rollback by hand goes back to. */
  previousGood: z.array(LastKnownGood).optional(),
  /** The last rollback by hand, unless it failed. Builds that began before it was asked for are superseded. */
  rollback: AskedRollback.optional(),
  /** When the newest build that has gone live began: builds finish out of order. */
  newestBuiltAt: z.number().int().optional(),
});
export type ServiceItem = z.infer<typeof ServiceItem>;

export const emptyServiceItem = (service: string): ServiceItem => ({ service, fence: 0 });
