/** Milliseconds since the epoch. Decisions take it as an argument; the global is read late, for a virtual clock. */
export const now = () => Date.now();

/** Resolves after so many milliseconds; the global is read late, too. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
