/**
 * What the command writes for people, without what would steer their terminal: reasons, messages, names and log lines
 * come from outside. Control characters are shown by their pictures (␛), those that turn the direction of writing by
 * their numbers; line ends, tabs and the colours that this command itself uses stay.
 */
export const makePrintable = (text: string): string => text.replace(STEERING, shown);

const ESCAPE = '\u001b';
/** First the colours, as picocolors writes bold, dim and the colours of render/style.ts, and their ends. */
const STEERING = /\p{Cc}\[(?:1|2|22|3[1-69])m|[\p{Cc}\p{Bidi_Control}]/gu;

function shown(found: string): string {
  const [first = '', ...rest] = found;
  if (first === '\n' || first === '\t' || (first === ESCAPE && rest.length > 0)) return found;
  return pictureOf(first) + rest.join('');
}

function pictureOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
