import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { makePrintable } from '#cli/terminal/printable.ts';

describe('what the command writes for people', () => {
  const { red } = pc.createColors(true);

  it.each([
    ['colours of its own', `${red('bad')}\n\tso`, `${red('bad')}\n\tso`],
    ['what clears the screen', '\u001b[2J\u001b[H', '␛[2J␛[H'],
    ['what sets a title', '\u001b]0;owned\u0007', '␛]0;owned␇'],
    ['what overwrites a line', 'FAILED\rlive', 'FAILED␍live'],
    ['what conceals', '\u001b[8mx', '␛[8mx'],
    ['control characters of eight bits', '\u009b2J\u007f', '<U+009B>2J␡'],
    ['a turned direction', 'abc\u202edef', 'abc<U+202E>def'],
  ])('has %s as it can be read', (_, text, shown) => {
    expect(makePrintable(text)).toBe(shown);
  });
});
