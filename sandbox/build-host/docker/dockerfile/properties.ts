/** A name=value pair of ENV, LABEL or ARG; `ARG NAME` has no value. */
export interface Property {
  name: string;
  value?: string;
  /** In single quotes: variables in it are not replaced. */
  literal: boolean;
}

/**
 * Replaces $NAME, ${NAME}, ${NAME:-default} and ${NAME:+other}, as the Dockerfile reference defines them;
 * an unset variable is empty, and \$ is a dollar sign.
 */
export function expand(text: string, variables: Record<string, string>): string {
  return text.replace(
    /\\\$|\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (found, plain?: string, braced?: string, operator?: string, word: string = '') => {
      if (found === '\\$') return '$';
      const value = variables[plain ?? braced ?? ''] ?? '';
      if (operator === '-') return value === '' ? expand(word, variables) : value;
      if (operator === '+') return value === '' ? '' : expand(word, variables);
      return value;
    },
  );
}

/** `["a", "b"]` is the exec form; anything that is not such JSON is the shell form, as in docker. */
export function execForm(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  } catch {}
  return undefined;
}
