/** What a docker subcommand is given besides its arguments. */
export interface Surroundings {
  /** The sandbox's folder, where images are kept. */
  directory: string;
  environment: Record<string, string | undefined>;
  out(text: string): void;
  err(text: string): void;
  /** All of standard input. */
  input(): Promise<string>;
}

export type Command = (args: string[], surroundings: Surroundings) => Promise<void>;
