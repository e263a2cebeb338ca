import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import { makePrintable } from '#cli/terminal/printable.ts';

/** When a picture is drawn and how large it may be; 0 and undefined are a size that is not known. */
export interface Tick {
  now: number;
  /** The spinner's. */
  mark: string;
  columns?: number | undefined;
  rows?: number | undefined;
}

/** A terminal that does not know its size is as wide as the first ones, and as high as it needs to be. */
export const sizeOf = ({ columns, rows }: Pick<Tick, 'columns' | 'rows'>) => ({
  columns: columns || 80,
  rows: rows || Infinity,
});

/** How many columns a text takes: two for an emoji or a Japanese character, none for an accent or a colour. */
export const widthOf = (text: string) => stringWidth(makePrintable(text));

/** A text and as many spaces as make it so wide. */
export const padToWidth = (text: string, columns: number) =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));

/** One line of at most so many columns, cut with an ellipsis; colours take none, and end behind it. */
export function cutToWidth(line: string, columns: number): string {
  const shown = makePrintable(line).replaceAll(/[\n\t]/g, ' ');
  if (widthOf(shown) <= columns) return shown;
  const room = Math.max(0, columns - 1);
  let kept = sliceAnsi(shown, 0, room);
  // sliceAnsi keeps a wide character of which the last column has room for one half alone.
  for (let end = room - 1; widthOf(kept) > room; end -= 1) kept = sliceAnsi(shown, 0, end);
  return kept.replace(/(?:\p{Cc}\[\d+m)*$/u, '…$&');
}

/** Parts of a picture with an empty line between each two; those without lines are left out. */
export const stackSections = (sections: string[][]): string[] =>
  sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
