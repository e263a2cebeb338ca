import type { Deployment } from '#cli/client/contract.ts';

type ServiceOutcome = NonNullable<Deployment['serviceOutcome']>;

/** What a deployment that did not succeed leaves running, in a word or two beside its error. */
const BRIEF: Record<ServiceOutcome, string> = {
  LIVE: 'live all the same',
  UNTOUCHED: 'nothing touched',
  ROLLED_BACK: 'rolled back',
  CHANGED: 'left changed',
  TAKEN_OVER: 'taken over',
};

/** The same in the words of whoever waited for the end. */
const FULL: Record<ServiceOutcome, string> = {
  LIVE: 'The service runs this release, which is not on record as live: a person has to look.',
  UNTOUCHED: 'The service was not touched: it runs what it ran before.',
  ROLLED_BACK: 'The service was rolled back: it runs what it ran before.',
  CHANGED: 'The service may not run what it should: a person has to look.',
  TAKEN_OVER: 'Somebody else has changed the service meanwhile: a person has to look.',
};

export const summarizeServiceOutcome = (serviceOutcome: ServiceOutcome) => BRIEF[serviceOutcome];

export const describeServiceOutcome = (serviceOutcome: ServiceOutcome | undefined) =>
  serviceOutcome === undefined
    ? 'It is not known what the service runs now: a person has to look.'
    : FULL[serviceOutcome];
