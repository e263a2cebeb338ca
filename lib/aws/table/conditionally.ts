import { hasName } from '#lib/aws/sdk/faults.ts';

/** Awaits a conditional write to the table. False where its condition does not hold: nothing was written then. */
export async function conditionally(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (hasName(error, 'ConditionalCheckFailedException')) return false;
    throw error;
  }
}
