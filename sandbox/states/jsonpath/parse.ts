import { parseFilter } from './filter.ts';
import type { Step } from './path.ts';
import { InvalidPath, Scanner } from './scanner.ts';

const cache = new Map<string, Step[]>();

/** Parses what follows the root (`.a[0]`) of a path, in the dialect of Jayway JsonPath, which AWS uses. */
export function parseSteps(text: string): Step[] {
  const known = cache.get(text);
  if (known) return known;
  const scanner = new Scanner(text);
  const steps: Step[] = [];
  while (!scanner.done()) steps.push(...parseStep(scanner));
  cache.set(text, steps);
  return steps;
}

function parseStep(scanner: Scanner): Step[] {
  if (scanner.take('..')) {
    const after = scanner.peek() === '[' ? parseBracket(scanner) : parseDotted(scanner);
    return [{ kind: 'descend' }, after];
  }
  if (scanner.take('.')) return [parseDotted(scanner)];
  if (scanner.peek() === '[') return [parseBracket(scanner)];
  throw new InvalidPath(`Illegal character at position ${scanner.position}: '${scanner.rest()}'`);
}

function parseDotted(scanner: Scanner): Step {
  if (scanner.take('*')) return { kind: 'wildcard' };
  const name = scanner.match(/[^.[\]()*,\s]+/y);
  if (name === undefined) throw new InvalidPath('Path must not end with a "."');
  if (scanner.take('()')) {
    if (name === 'length') return { kind: 'length' };
    throw new InvalidPath(`Function of name: ${name} cannot be created`);
  }
  return { kind: 'property', name };
}

function parseBracket(scanner: Scanner): Step {
  scanner.expect('[');
  scanner.space();
  const step = parseInside(scanner);
  scanner.space();
  scanner.expect(']');
  return step;
}

function parseInside(scanner: Scanner): Step {
  if (scanner.take('*')) return { kind: 'wildcard' };
  if (scanner.take('?')) return { kind: 'filter', filter: parseFilter(scanner, parseSteps) };
  if (scanner.peek() === "'" || scanner.peek() === '"') return parseNames(scanner);
  return parseNumbers(scanner);
}

function parseNames(scanner: Scanner): Step {
  const names: string[] = [];
  do {
    scanner.space();
    names.push(scanner.quoted());
    scanner.space();
  } while (scanner.take(','));
  const [name] = names;
  return names.length === 1 && name !== undefined
    ? { kind: 'property', name }
    : { kind: 'properties', names };
}

function parseNumbers(scanner: Scanner): Step {
  const inside = scanner.match(/[-\d\s:,]+/y);
  if (inside === undefined) throw new InvalidPath(`Could not parse token at position ${scanner.position}`);
  if (inside.includes(':')) {
    const [from, to, step] = inside.split(':').map((part) => (part.trim() === '' ? undefined : Number(part)));
    return { kind: 'slice', from, to, step };
  }
  const indices = inside.split(',').map((part) => Number.parseInt(part, 10));
  if (indices.some(Number.isNaN)) throw new InvalidPath(`Could not parse token starting with ${inside}`);
  const [index] = indices;
  return indices.length === 1 && index !== undefined
    ? { kind: 'index', index }
    : { kind: 'indices', indices };
}
