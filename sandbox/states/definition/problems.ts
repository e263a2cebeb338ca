/** A fault of a definition, as ValidateStateMachineDefinition and InvalidDefinition name it. */
export interface Problem {
  code:
    | 'SCHEMA_VALIDATION_FAILED'
    | 'MISSING_TRANSITION_TARGET'
    | 'INVALID_JSON_DESCRIPTION'
    | 'NOT_SUPPORTED';
  message: string;
  /** `/States/Release/Next` */
  location: string;
}

export type Report = (code: Problem['code'], message: string, location: string) => void;
