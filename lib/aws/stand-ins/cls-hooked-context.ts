/**
 * Takes the place of cls-hooked in the bundles (esbuild.config.cjs): it keeps a context for every chain of calls, with
 * hooks that run for each promise. In Lambda the X-Ray SDK enters one context when it is loaded and never another (only
 * what it calls capture of functions would), and an environment has one invocation at a time: a variable is the same.
 */
type Context = Record<string, unknown>;

let active: Context = {};

const namespace = {
  createContext: (): Context => ({}),
  enter(context: Context): void {
    active = context;
  },
  get: (key: string) => active[key],
  set(key: string, value: unknown): unknown {
    active[key] = value;
    return value;
  },
};

export const createNamespace = () => namespace;
export const getNamespace = () => namespace;
