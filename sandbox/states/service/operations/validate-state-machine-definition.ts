import type {
  ValidateStateMachineDefinitionInput,
  ValidateStateMachineDefinitionOutput,
} from '@aws-sdk/client-sfn';
import { findProblems } from '../../definition/validate.ts';

export function validateStateMachineDefinition(
  input: ValidateStateMachineDefinitionInput,
): ValidateStateMachineDefinitionOutput {
  const problems = findProblems(input.definition ?? '');
  return {
    result: problems.length === 0 ? 'OK' : 'FAIL',
    diagnostics: problems.map(({ code, message, location }) => ({
      severity: 'ERROR',
      code,
      message,
      location,
    })),
    truncated: false,
  };
}
