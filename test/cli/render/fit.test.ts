import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { cutToWidth, widthOf } from '#cli/render/fit.ts';
import { E_ACUTE, FAMILY } from './wide.ts';

const { red, bold } = pc.createColors(true);

describe('the columns of a text', () => {
  it.each([
    ['a letter takes one', 'webapp', 6],
    ['a Japanese character takes two', '日本語', 6],
    ['a halfwidth one takes one', 'ﾃｽﾄ', 3],
    ['an emoji takes two, of however many it is joined', `${FAMILY}🇨🇭👍🏽1️⃣`, 8],
    ['an accent takes none beside its letter', `${E_ACUTE}t${E_ACUTE}`, 3],
    ['a colour takes none', red('日本'), 4],
    ['a control character takes those of its picture', '\u001b[2J\u202e', '␛[2J<U+202E>'.length],
    ['what bars and marks are made of takes one each', '█▓▒░✓✗⠋…', 8],
  ])('%s', (_, text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });
});

describe('a line that is cut', () => {
  it.each<[string, string, number, string]>([
    ['is whole where it fits exactly', '日本語', 6, '日本語'],
    ['ends in an ellipsis', 'webapp', 5, 'weba…'],
    ['has no half of a wide character', '日本語', 5, '日本…'],
    ['rather leaves a column free', '日本語', 4, '日…'],
    ['has no part of an emoji', `ab${FAMILY}cd`, 4, 'ab…'],
    ['has an emoji whole', `ab${FAMILY}cd`, 5, `ab${FAMILY}…`],
    ['has no flag of another country', 'ab🇨🇭cd', 3, 'ab…'],
    ['keeps the accent with its letter', `${E_ACUTE}t${E_ACUTE}s`, 3, `${E_ACUTE}t…`],
    ['is whole where its accents alone are too many', `${E_ACUTE}t${E_ACUTE}`, 3, `${E_ACUTE}t${E_ACUTE}`],
    [
      'counts colours for nothing, and ends them behind the ellipsis',
      `a ${red('bcdef')}`,
      5,
      `a ${red('bc…')}`,
    ],
    ['keeps its colours where it fits', red('bcdef'), 5, red('bcdef')],
    ['cuts a wide character out of its colours', red('日本語'), 5, red('日本…')],
    ['ends colours within colours', red(`日${bold('本語')}`), 5, red(`日${bold('本…')}`)],
    ['begins no colour behind the ellipsis', `abc${red('def')}`, 4, 'abc…'],
    ['counts a control character as it is shown', '\u001b[2Jabc', 6, '␛[2Ja…'],
    ['is one line, whatever came from outside', 'one\ntwo\tthree', 80, 'one two three'],
    ['is an ellipsis in one column', '日本語', 1, '…'],
  ])('%s', (_, line, columns, shown) => {
    expect(cutToWidth(line, columns)).toBe(shown);
  });
});
