import { substitutedNames } from './intrinsics/sub.ts';
import { splitAttribute } from './template.ts';

/** The logical ids and parameters that a value refers to by Ref, Fn::GetAtt and Fn::Sub. */
export function references(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, found);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'Ref' && typeof inner === 'string') found.add(inner);
    else if (key === 'Fn::GetAtt') collectAttribute(inner, found);
    else {
      if (key === 'Fn::Sub')
        for (const name of substitutedNames(inner)) found.add(name.split('.')[0] ?? name);
      collect(inner, found);
    }
  }
}

function collectAttribute(argument: unknown, found: Set<string>): void {
  if (typeof argument === 'string') found.add(splitAttribute(argument)[0]);
  if (!Array.isArray(argument)) return;
  found.add(String(argument[0]));
  collect(argument[1], found);
}
