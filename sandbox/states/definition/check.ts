import type { QueryLanguage } from '../interpreter/definition.ts';
import type { Report } from './problems.ts';

/** What the checks of one scope share. */
export interface Check {
  report: Report;
  queryLanguage: QueryLanguage;
  /** State names met so far: they are unique in the whole machine. */
  names: Set<string>;
  /** Variables of the scopes around, which may be read but not assigned. */
  outerVariables: ReadonlySet<string>;
}
