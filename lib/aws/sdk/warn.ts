/**
 * Told of what failed and is done without: the answer is given all the same, and the function's log says why it lacks
 * something.
 */
export type Warn = (message: string, error: Error) => void;
