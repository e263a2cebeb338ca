/** What is needed of an SDK command: its middleware stack, whose types differ from command to command. */
interface Command {
  // biome-ignore lint/suspicious/noExplicitAny: typed by each command's own input and output
  middlewareStack: { add(middleware: (next: any) => any, options: any): void };
}

/**
 * A call that changes the world. It is given up after so many milliseconds, the SDK's own attempts included, and it
 * knows whether something that it sent may land later still. An adapter sends it so:
 * `client.send(call.watch(new UpdateServiceCommand(input)), call.options)`.
 */
export interface ActingCall {
  /** Notes attempts that nobody answered. */
  watch<C extends Command>(command: C): C;
  options: { abortSignal: AbortSignal };
  /** Every attempt was answered, if only by a refusal. What was not answered may still be on its way. */
  readonly isSettled: boolean;
  /** Whether it was given up. */
  readonly isGivenUp: boolean;
  /** To be called in the end, whatever came of it. */
  end(): void;
}

export function createActingCall(milliseconds: number): ActingCall {
  const giveUp = new AbortController();
  // Not AbortSignal.timeout: a virtual clock can stand in for setTimeout alone.
  const timer = setTimeout(() => giveUp.abort(), milliseconds);
  let isSettled = true;
  // biome-ignore lint/suspicious/noExplicitAny: see Command
  const watching = (next: any) => async (args: unknown) => {
    try {
      return await next(args);
    } catch (error) {
      isSettled &&= isAnswer(error);
      throw error;
    }
  };
  return {
    watch(command) {
      // Inside the SDK's retries: once for every attempt.
      command.middlewareStack.add(watching, { step: 'finalizeRequest', priority: 'low', name: 'watching' });
      return command;
    },
    options: { abortSignal: giveUp.signal },
    get isSettled() {
      return isSettled;
    },
    get isGivenUp() {
      return giveUp.signal.aborted;
    },
    end: () => clearTimeout(timer),
  };
}

const isAnswer = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== undefined;
