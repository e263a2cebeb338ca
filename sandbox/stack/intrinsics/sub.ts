import { resolveAttribute, resolveRef } from './references.ts';
import type { Resolve, Scope } from './scope.ts';

/** `${Name}`, `${Resource.Attribute}` and the literal `${!Name}`. */
const PLACEHOLDER = /\$\{(!?)([^}]+)\}/g;

/** Fn::Sub with a text, or with a text and its own variables. */
export function substitute(argument: unknown, scope: Scope, resolve: Resolve): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string') throw new Error('Template error: Fn::Sub requires a text');
  return text.replace(PLACEHOLDER, (_, bang: string, placeholder: string) => {
    if (bang === '!') return `\${${placeholder}}`;
    const name = placeholder.trim();
    if (Object.hasOwn(variables, name)) return String(resolve(variables[name], scope));
    return String(name.includes('.') ? resolveAttribute(name, scope, resolve) : resolveRef(name, scope));
  });
}

/** The names that a text refers to, without its own variables. */
export function substitutedNames(argument: unknown): string[] {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  return [...String(text).matchAll(PLACEHOLDER)]
    .filter(([, bang]) => bang !== '!')
    .map(([, , placeholder]) => String(placeholder).trim())
    .filter((name) => !Object.hasOwn(variables, name));
}
