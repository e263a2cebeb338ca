import { AwsError } from '#sandbox/core/errors.ts';
import { findProblems, parseDefinition } from '../definition/validate.ts';
import { statesError } from './errors.ts';
import type { StatesService } from './service.ts';
import type { Revision } from './store.ts';

/** Checks a definition and the role, and makes a revision of them. */
export function newRevision(
  { context, iam }: StatesService,
  text: string | undefined,
  roleArn: string | undefined,
  isTraced: boolean,
): Revision {
  const problems = findProblems(text ?? '');
  if (problems.length > 0) {
    const list = problems.map(({ code, message, location }) => `${code}: ${message} at ${location}`);
    throw statesError('InvalidDefinition', 'Invalid State Machine Definition', list.join(', '));
  }
  if (!roleArn?.startsWith('arn:')) {
    throw statesError('InvalidArn', 'Invalid Arn', `Invalid ARN prefix: ${roleArn ?? ''}`);
  }
  requireTrust(iam, roleArn, context.region);
  return {
    revisionId: context.random.uuid(),
    text: text ?? '',
    definition: parseDefinition(text ?? ''),
    roleArn,
    date: new Date(context.clock.now()),
    isTraced,
  };
}

/** Step Functions must be allowed to assume the role. */
function requireTrust(iam: StatesService['iam'], roleArn: string, region: string): void {
  try {
    iam.authorizeRole(roleArn, [], 'states.amazonaws.com');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      'AccessDeniedException',
      `Neither the global service principal states.amazonaws.com, nor the regional one states.${region}.amazonaws.com is authorized to assume the provided role.`,
    );
  }
}
