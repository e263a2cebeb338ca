/** What the intrinsic functions of a template are resolved against. */
export interface Scope {
  /** Parameters and pseudo parameters by name. */
  parameters: Record<string, unknown>;
  mappings: Record<string, Record<string, Record<string, unknown>>>;
  conditions: Record<string, unknown>;
  /** Exports of other stacks by name. */
  exports: Record<string, unknown>;
  region: string;
  /** The physical id of a created resource: undefined while there is none. */
  ref(logicalId: string): string | undefined;
  /** An attribute of a created resource: undefined where it has no such attribute. */
  attribute(logicalId: string, name: string): unknown;
}

/** What `Ref: AWS::NoValue` resolves to: the property, or the list's element, is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** resolve.ts' `resolve`: functions take it as an argument, for what is nested in their own. */
export type Resolve = (value: unknown, scope: Scope) => unknown;
