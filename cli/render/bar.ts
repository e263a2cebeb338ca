/** What a bar is made of: a character, how many of the whole it stands for, and what it means in plain words. */
export interface Part {
  glyph: string;
  count: number;
  meaning: string;
}

/**
 * A bar that is exactly so wide (no narrower than it has parts). Each part gets its share in whole cells, and none that is
 * there is rounded away; with nothing there at all the last one fills it.
 */
export function renderBar(parts: Part[], width: number): string {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return (parts.at(-1)?.glyph ?? ' ').repeat(width);
  const shares = parts.map(({ count }) => (count / total) * width);
  const cells = parts.map(({ count }, index) =>
    count === 0 ? 0 : Math.max(1, Math.floor(shares[index] ?? 0)),
  );
  for (let free = width - sumOf(cells); free !== 0; free -= Math.sign(free)) {
    // What is left over goes to whom it was taken from, what is missing comes from whoever has most.
    const owed = free > 0 ? shares.map((share, index) => share - (cells[index] ?? 0)) : cells;
    const index = owed.indexOf(Math.max(...owed));
    cells[index] = (cells[index] ?? 0) + Math.sign(free);
  }
  return parts.map(({ glyph }, index) => glyph.repeat(cells[index] ?? 0)).join('');
}

/** The parts that are in any of these bars, each once. */
export function renderLegend(bars: Part[][]): string {
  const meanings = new Map(
    bars
      .flat()
      .filter(({ count }) => count > 0)
      .map(({ glyph, meaning }) => [glyph, meaning]),
  );
  const order = bars[0]?.map(({ glyph }) => glyph) ?? [];
  return order
    .filter((glyph) => meanings.has(glyph))
    .map((glyph) => `${glyph} ${meanings.get(glyph)}`)
    .join('  ');
}

const sumOf = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
