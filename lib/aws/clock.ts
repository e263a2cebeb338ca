/** Milliseconds since the epoch. Handlers take it as an argument, so that decisions can be tested at any time. */
export type Now = () => number;

export const now: Now = () => Date.now();
