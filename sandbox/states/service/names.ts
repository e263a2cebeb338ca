import { statesError } from './errors.ts';

/**
 * A name of a state machine or an execution: 1 to 80 characters of 0-9 A-Z a-z - _. AWS takes some others too
 * and warns that they break CloudWatch; here they are refused, so that nobody comes to rely on them.
 */
export function requireName(name: string | undefined): string {
  if (name === undefined || !/^[0-9A-Za-z_-]{1,80}$/.test(name)) {
    throw statesError('InvalidName', 'Invalid Name', name ?? '');
  }
  return name;
}
