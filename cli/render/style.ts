import type pc from 'picocolors';

/** Colours, or functions that leave a text as it is. */
export type Style = Pick<
  typeof pc,
  'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta' | 'blue'
>;
export type Paint = (text: string) => string;
