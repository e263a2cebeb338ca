import type { Json, JsonObject } from '../json.ts';

/** The variables of the machine, a branch or an iteration: it sees those around it, and assigns only its own. */
export class Variables {
  readonly #outer: Variables | undefined;
  readonly #own = new Map<string, Json>();

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  get(name: string): Json | undefined {
    return this.#own.has(name) ? this.#own.get(name) : this.#outer?.get(name);
  }

  assign(values: JsonObject): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
  }

  /** Everything that can be seen from here, by name. */
  visible(): JsonObject {
    return { ...this.#outer?.visible(), ...Object.fromEntries(this.#own) };
  }
}
