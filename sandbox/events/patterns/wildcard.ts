import { invalidPattern, type ValueMatcher } from './value-matcher.ts';

/** wildcard: `*` for any run of characters; `\*` and `\\` are the characters themselves. */
export function compileWildcard(argument: unknown): ValueMatcher {
  if (typeof argument !== 'string') throw invalidPattern('wildcard match pattern must be a string');
  if (/\*\*/.test(argument.replaceAll(/\\[*\\]/g, '')))
    throw invalidPattern('Consecutive wildcard characters');
  if (/\\(?![*\\])/.test(argument.replaceAll('\\\\', ''))) throw invalidPattern('Invalid escape character');
  const parts = argument.match(/\\[*\\]|[^\\]/gs) ?? [];
  const source = parts.map((part) =>
    part === '*' ? '.*' : literal(part.length === 2 ? part.slice(1) : part),
  );
  const expression = new RegExp(`^${source.join('')}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}
