/** `States.Name(argument, …)` of the JSONPath query language, as a tree. */
export interface Call {
  kind: 'call';
  name: string;
  arguments: Argument[];
  /** The call as it was written, for messages. */
  text: string;
}

export type Argument =
  | Call
  | { kind: 'string'; value: string; raw: string }
  | { kind: 'literal'; value: number | boolean | null }
  | { kind: 'path'; path: string };

export class InvalidIntrinsic extends Error {
  override name = 'InvalidIntrinsic';
}

export function isIntrinsic(text: string): boolean {
  return /^States\.\w+\s*\(/.test(text.trim());
}

export function parseIntrinsic(text: string): Call {
  const reader = { text, position: 0 };
  const call = parseCall(reader);
  space(reader);
  if (reader.position !== text.length) throw failure(reader);
  return call;
}

interface Reader {
  text: string;
  position: number;
}

function failure(reader: Reader): InvalidIntrinsic {
  return new InvalidIntrinsic(`Invalid intrinsic function at position ${reader.position}: ${reader.text}`);
}

function match(reader: Reader, expression: RegExp): string | undefined {
  expression.lastIndex = reader.position;
  const found = expression.exec(reader.text)?.[0];
  if (found !== undefined) reader.position += found.length;
  return found;
}

function space(reader: Reader): void {
  match(reader, /\s*/y);
}

function parseCall(reader: Reader): Call {
  space(reader);
  const start = reader.position;
  const name = match(reader, /States\.\w+/y);
  space(reader);
  if (name === undefined || match(reader, /\(/y) === undefined) throw failure(reader);
  const args: Argument[] = [];
  space(reader);
  while (match(reader, /\)/y) === undefined) {
    if (args.length > 0 && match(reader, /,/y) === undefined) throw failure(reader);
    args.push(parseArgument(reader));
    space(reader);
  }
  return { kind: 'call', name, arguments: args, text: reader.text.slice(start, reader.position) };
}

function parseArgument(reader: Reader): Argument {
  space(reader);
  const next = reader.text[reader.position];
  if (next === "'") return parseString(reader);
  if (next === '$') return { kind: 'path', path: parsePath(reader) };
  if (reader.text.startsWith('States.', reader.position)) return parseCall(reader);
  const literal = match(reader, /true\b|false\b|null\b|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y);
  if (literal === undefined) throw failure(reader);
  return { kind: 'literal', value: JSON.parse(literal) as number | boolean | null };
}

function parseString(reader: Reader): Argument {
  const quoted = match(reader, /'(?:[^'\\]|\\[\s\S])*'/y);
  if (quoted === undefined) throw failure(reader);
  const raw = quoted.slice(1, -1);
  return { kind: 'string', raw, value: withoutEscapes(raw) };
}

/** `\'`, `\{`, `\}` and `\\` stand for the character itself. */
export function withoutEscapes(raw: string): string {
  return raw.replace(/\\([\s\S])/g, '$1');
}

/** A path ends at a comma or parenthesis outside its own brackets, parentheses and quotes. */
function parsePath(reader: Reader): string {
  const start = reader.position;
  let depth = 0;
  let quote = '';
  for (; reader.position < reader.text.length; reader.position += 1) {
    const character = reader.text[reader.position] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '[' || character === '(') depth += 1;
    else if (depth > 0 && (character === ']' || character === ')')) depth -= 1;
    else if (depth === 0 && (character === ',' || character === ')')) break;
  }
  return reader.text.slice(start, reader.position).trim();
}
