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

/** A line of at most so many columns, cut with an ellipsis; colours take none, and end behind it. */
export function cutToWidth(line: string, columns: number): string {
  let width = 0;
  let isCut = false;
  return line.replaceAll(/\p{Cc}\[\d+m|./gsu, (part) => {
    if (part.length > 2) return part;
    width += 1;
    if (isCut) return '';
    isCut = width === columns && lengthOf(line) > columns;
    return isCut ? '…' : part;
  });
}

/** How many columns a line takes. */
export const lengthOf = (line: string) => [...line.replaceAll(/\p{Cc}\[\d+m/gu, '')].length;

/** Parts of a picture with an empty line between each two; those without lines are left out. */
export const stackSections = (sections: string[][]): string[] =>
  sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
