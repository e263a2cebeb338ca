import { DockerError, unsupported } from './errors.ts';

/**
 * The forms of Go's templates that people write after --format: `{{.A.B}}`, `{{json .A}}`, `{{index .A 0}}`
 * and `{{index .A "key"}}`, with any text around them.
 */
export function renderTemplate(template: string, value: unknown): string {
  return template.replace(/\{\{\s*(.*?)\s*\}\}/g, (_, action: string) => {
    const [name, ...operands] = words(action);
    if (name === 'json' && operands.length === 1) return JSON.stringify(read(value, operands[0]!, template));
    if (name === 'index' && operands.length >= 2)
      return text(index(read(value, operands[0]!, template), operands.slice(1)));
    if (name?.startsWith('.') && operands.length === 0) return text(read(value, name, template));
    throw unsupported(`the template {{${action}}}`);
  });
}

const words = (action: string): string[] => action.match(/"[^"]*"|\S+/g) ?? [];

function read(value: unknown, path: string, template: string): unknown {
  if (path === '.') return value;
  return path
    .slice(1)
    .split('.')
    .reduce<unknown>((current, name) => {
      if (typeof current === 'object' && current !== null && Object.hasOwn(current, name)) {
        return (current as Record<string, unknown>)[name];
      }
      throw new DockerError(
        `template: :1: executing "${template}" at <${path}>: map has no entry for key "${name}"`,
      );
    }, value);
}

function index(value: unknown, keys: string[]): unknown {
  return keys.reduce<unknown>((current, key) => {
    if (Array.isArray(current)) {
      if (Number(key) >= current.length) {
        throw new DockerError(`template: :1: error calling index: index out of range: ${key}`);
      }
      return current[Number(key)];
    }
    return (current as Record<string, unknown> | undefined)?.[key.replaceAll('"', '')];
  }, value);
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(' ')}]`;
  if (value === undefined || value === null) return '<no value>';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
