import { padToWidth, widthOf } from './fit.ts';
import type { Paint } from './style.ts';

/** A text, and how it is painted once it has been padToWidth. */
export type Cell = string | { text: string; paint: Paint };

const textOf = (cell: Cell) => (typeof cell === 'string' ? cell : cell.text);

/** Rows as lines whose columns stand under each other, two spaces apart. The last column is not padToWidth. */
export function renderTable(rows: Cell[][]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, widthOf(textOf(cell)));
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const text = index === row.length - 1 ? textOf(cell) : padToWidth(textOf(cell), widths[index] ?? 0);
        return typeof cell === 'string' ? text : cell.paint(text);
      })
      .join('  ')
      .trimEnd(),
  );
}

export const indent = (lines: string[], spaces = 2) =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(spaces) + line));
