import { splitAttribute } from '../template.ts';
import { NO_VALUE, type Resolve, type Scope } from './scope.ts';

/** Ref: a parameter, a pseudo parameter or the physical id of a resource. */
export function resolveRef(argument: unknown, scope: Scope): unknown {
  const name = String(argument);
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (name in scope.parameters) return scope.parameters[name];
  const physicalId = scope.ref(name);
  if (physicalId === undefined) throw new Error(`Template error: Ref to ${name}, which does not exist`);
  return physicalId;
}

/** Fn::GetAtt, in its list form and as `Resource.Attribute`. */
export function resolveAttribute(argument: unknown, scope: Scope, resolve: Resolve): unknown {
  const [logicalId, name] =
    typeof argument === 'string' ? splitAttribute(argument) : (argument as [string, unknown]);
  const attribute = String(resolve(name, scope));
  if (scope.ref(logicalId) === undefined) {
    throw new Error(`Template error: Fn::GetAtt to ${logicalId}, which does not exist`);
  }
  const value = scope.attribute(logicalId, attribute);
  if (value === undefined)
    throw new Error(
      `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
    );
  return value;
}
