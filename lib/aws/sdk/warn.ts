/** Takes a failure that an answer can do without. The answer lacks something, and the function's log says why. */
export type Warn = (message: string, error: Error) => void;
