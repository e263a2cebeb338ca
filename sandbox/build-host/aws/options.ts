import { AwsCommandError, notSupported } from './errors.ts';

/** How the CLI reads an option's value. */
export type OptionType = 'text' | 'number' | 'texts' | 'structures' | 'flag';

/**
 * `--repository-name webapp --image-ids imageTag=1 imageTag=2` as the SDK's input: names in camel case, lists
 * from the words up to the next option, structures in shorthand or JSON.
 */
export function readOptions(args: string[], types: Record<string, OptionType>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (let index = 0; index < args.length; ) {
    const [option = '', attached] = args[index++]!.split(/=(.*)/s);
    const type = types[option];
    if (type === undefined) throw notSupported(`the option ${option}`);
    const values: string[] = attached === undefined ? [] : [attached];
    while (index < args.length && !args[index]!.startsWith('--')) values.push(args[index++]!);
    input[camelCase(option)] = read(option, type, values);
  }
  return input;
}

function read(option: string, type: OptionType, values: string[]): unknown {
  if (type === 'flag') return true;
  if (values.length === 0)
    throw new AwsCommandError(`aws: error: argument ${option}: expected at least one argument`, 252);
  if (type === 'texts') return values;
  if (type === 'structures') return values.flatMap(structure);
  if (values.length > 1)
    throw new AwsCommandError(`aws: error: Unknown options: ${values.slice(1).join(', ')}`, 252);
  return type === 'number' ? Number(values[0]) : values[0];
}

function structure(value: string): unknown {
  if (/^[[{]/.test(value)) return JSON.parse(value);
  return Object.fromEntries(value.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

const camelCase = (option: string) =>
  option.replace(/^--/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
