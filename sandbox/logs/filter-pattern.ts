import { notSupported } from '#sandbox/core/errors.ts';
import { invalidParameter } from './errors.ts';

const term = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y;

/**
 * The filter patterns for unstructured text: terms that all have to be in the message, "quoted phrases",
 * `-exclude`, and `?one ?other` of which one suffices. Where `?` terms stand beside others, they are ignored
 * (CloudWatch Logs user guide, "Filter pattern syntax"). Matching is case-sensitive and by whole words.
 */
export function parseFilterPattern(pattern = ''): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) throw notSupported('JSON, space-delimited and regular expression filter patterns');
  const required: RegExp[] = [];
  const excluded: RegExp[] = [];
  const optional: RegExp[] = [];
  term.lastIndex = 0;
  while (term.lastIndex < text.length) {
    const match = term.exec(text);
    if (!match) throw invalidParameter('Invalid filter pattern');
    const [, sign, quoted, bare] = match;
    if (bare !== undefined && !/^\w+$/.test(bare)) throw invalidParameter('Invalid filter pattern');
    const words = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    (sign === '?' ? optional : sign === '-' ? excluded : required).push(wholeWords(words));
  }
  const alternatives = required.length === 0 && excluded.length === 0 ? optional : [];
  return (message) =>
    required.every((one) => one.test(message)) &&
    !excluded.some((one) => one.test(message)) &&
    (alternatives.length === 0 || alternatives.some((one) => one.test(message)));
}

function wholeWords(words: string): RegExp {
  const escaped = words.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`${/^\w/.test(words) ? '(?<!\\w)' : ''}${escaped}${/\w$/.test(words) ? '(?!\\w)' : ''}`);
}
