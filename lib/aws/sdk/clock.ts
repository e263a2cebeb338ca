/** Milliseconds since the epoch. Handlers take it as an argument, so that decisions can be tested at any time. */
export type Now = () => number;

export const now: Now = () => Date.now();

/** Resolves after so many milliseconds; the global is read late, so that a virtual clock can stand in for it. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
