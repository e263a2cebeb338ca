/** A client that asks without a pause. */
export interface Asking {
  /** How often each answer came (`200 {"message":"hello!"}`) since this was asked last. */
  answers(): Map<string, number>;
  stop(): Promise<void>;
}

/** Asks one request after the other until it is stopped; a request without an answer counts as one of its own. */
export function keepAsking(url: string): Asking {
  let counted = new Map<string, number>();
  let isGoing = true;
  const asking = (async () => {
    while (isGoing) {
      const answer = await ask(url);
      counted.set(answer, (counted.get(answer) ?? 0) + 1);
    }
  })();
  return {
    answers() {
      const answers = counted;
      counted = new Map();
      return answers;
    },
    async stop() {
      isGoing = false;
      await asking;
    },
  };
}

/** Status and body of one request, or why there is none. */
export async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url);
    return `${response.status} ${await response.text()}`.trim();
  } catch (error) {
    const { message, cause } = error as Error;
    return `no answer: ${cause instanceof Error ? cause.message : message}`;
  }
}
