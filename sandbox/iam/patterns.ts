/** Values of condition keys by lower-case name, as policies refer to them. */
export type ConditionKeys = Readonly<Record<string, string | string[] | undefined>>;

const compiled = new Map<string, RegExp>();

/** Whether `*` (any characters) and `?` (any one) make the pattern fit the whole text. */
export function matchesPattern(pattern: string, text: string, flags: '' | 'i' = ''): boolean {
  if (pattern === '*') return true;
  const key = flags + pattern;
  let expression = compiled.get(key);
  if (!expression) {
    expression = new RegExp(`^${toExpression(pattern)}$`, `s${flags}`);
    compiled.set(key, expression);
  }
  return expression.test(text);
}

function toExpression(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}

// Stand for a literal * and ? that a policy variable has brought in: characters no ARN or pattern has.
const literals: Record<string, string> = { '*': '\u0001', '?': '\u0002' };
const marked = (text: string) => text.replace(/[*?]/g, (character) => literals[character] ?? character);

/**
 * Replaces policy variables: `${aws:PrincipalAccount}`, with a default `${aws:PrincipalTag/team, 'none'}`, and
 * the escapes `${*}`, `${?}`, `${$}`. Undefined where a variable has no value: then the pattern matches nothing.
 */
export function expandVariables(pattern: string, keys: ConditionKeys): string | undefined {
  if (!pattern.includes('${')) return pattern;
  let missing = false;
  const expanded = pattern.replace(/\$\{([^}]*)\}/g, (_, inner: string) => {
    if (inner === '*' || inner === '?') return literals[inner] ?? inner;
    if (inner === '$') return '$';
    const [, name = '', fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner) ?? [];
    const value = keys[name.toLowerCase()] ?? fallback;
    if (typeof value !== 'string') missing = true;
    return typeof value === 'string' ? marked(value) : '';
  });
  return missing ? undefined : expanded;
}

/** Matches a pattern that may hold policy variables. */
function matchesWithVariables(pattern: string, text: string, keys: ConditionKeys): boolean {
  const expanded = expandVariables(pattern, keys);
  return expanded !== undefined && matchesPattern(expanded, marksIfNeeded(expanded, text));
}

/** Brings a text into the form in which it equals a pattern that has marked characters. */
function marksIfNeeded(pattern: string, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the marks themselves
  return /[\u0001\u0002]/.test(pattern) ? marked(text) : text;
}

/**
 * Matches an ARN pattern part by part: a wildcard in one of the first five parts stays within it. Missing
 * parts are `*`, as IAM completes an incomplete ARN.
 */
export function matchesArn(pattern: string, arn: string, keys: ConditionKeys): boolean {
  if (pattern === '*') return true;
  const [patterns, parts] = [arnParts(pattern), arnParts(arn)];
  return parts.every((part, index) => matchesWithVariables(patterns[index] ?? '*', part, keys));
}

/** The six parts of an ARN; the last may hold colons. So may a variable's name, and those part nothing. */
function arnParts(arn: string): string[] {
  const guarded = arn.replace(/\$\{[^}]*\}/g, (variable) => variable.replaceAll(':', '\u0003'));
  const [partition = '', ...rest] = guarded.split(':');
  const parts = [partition, ...rest.slice(0, 4), ...(rest.length > 4 ? [rest.slice(4).join(':')] : [])];
  return parts.map((part) => part.replaceAll('\u0003', ':'));
}
