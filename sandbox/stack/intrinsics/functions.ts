import { resolveAttribute } from './references.ts';
import type { Resolve, Scope } from './scope.ts';
import { substitute } from './sub.ts';

type Intrinsic = (argument: unknown, scope: Scope, resolve: Resolve) => unknown;

function list(name: string, argument: unknown, length: number): unknown[] {
  if (Array.isArray(argument) && argument.length === length) return argument;
  throw new Error(`Template error: ${name} requires a list of ${length} elements`);
}

const join: Intrinsic = (argument, scope, resolve) => {
  const [delimiter, values] = list('Fn::Join', argument, 2);
  const parts = resolve(values, scope);
  if (!Array.isArray(parts)) throw new Error('Template error: Fn::Join requires a list of texts');
  return parts.map(String).join(String(resolve(delimiter, scope)));
};

const select: Intrinsic = (argument, scope, resolve) => {
  const [index, values] = list('Fn::Select', argument, 2);
  const position = Number(resolve(index, scope));
  const selected = (resolve(values, scope) as unknown[])[position];
  if (selected === undefined)
    throw new Error(`Template error: Fn::Select cannot select nonexistent value at index ${position}`);
  return selected;
};

const split: Intrinsic = (argument, scope, resolve) => {
  const [delimiter, text] = list('Fn::Split', argument, 2);
  return String(resolve(text, scope)).split(String(resolve(delimiter, scope)));
};

const findInMap: Intrinsic = (argument, scope, resolve) => {
  const [map, top, second, options] = (resolve(argument, scope) as unknown[]) ?? [];
  const found = scope.mappings[String(map)]?.[String(top)]?.[String(second)];
  if (found !== undefined) return found;
  const fallback = (options as { DefaultValue?: unknown } | undefined)?.DefaultValue;
  if (fallback !== undefined) return fallback;
  throw new Error(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
};

const importValue: Intrinsic = (argument, scope, resolve) => {
  const name = String(resolve(argument, scope));
  const value = scope.exports[name];
  if (value === undefined) throw new Error(`No export named ${name} found`);
  return value;
};

/** Three zones, as every Region of AWS has at least. */
const availabilityZones: Intrinsic = (argument, scope, resolve) => {
  const region = String(resolve(argument, scope) || scope.region);
  return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
};

/** Every intrinsic function but Ref, Fn::If and those of conditions. */
export const intrinsicFunctions: Record<string, Intrinsic> = {
  'Fn::GetAtt': resolveAttribute,
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': importValue,
  'Fn::GetAZs': availabilityZones,
  'Fn::Base64': (argument, scope, resolve) =>
    Buffer.from(String(resolve(argument, scope))).toString('base64'),
  'Fn::ToJsonString': (argument, scope, resolve) => JSON.stringify(resolve(argument, scope)),
};
