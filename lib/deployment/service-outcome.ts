import * as z from 'zod';

/**
 * What a deployment leaves the service running once it is over. Where nothing is said, it is not known: the history of
 * an execution that was interrupted could not be read yet.
 *
 * - `LIVE`: the release, which went through its checks; also where only putting it on record failed.
 * - `UNTOUCHED`: what it ran before. ECS got no order, or refused it.
 * - `ROLLED_BACK`: the revision of before again, led back by this deployment or by ECS itself.
 * - `CHANGED`: it was changed, or may have been, and is not known to be back: not rolled back, the way back failed, or
 *   the execution ended in the midst of it. A person has to look.
 * - `TAKEN_OVER`: whatever somebody else made of it since: another deployment, an update by hand, or its deletion.
 */
export const ServiceOutcome = z.enum(['LIVE', 'UNTOUCHED', 'ROLLED_BACK', 'CHANGED', 'TAKEN_OVER']);
export type ServiceOutcome = z.infer<typeof ServiceOutcome>;
