/** The ways through the machine that the path tests hold their executions against. */

export const toRollout = [
  'ClaimService',
  'ResumeFrom',
  'VerifyRelease',
  'RegisterTaskDefinition',
  'NeedsMigration',
  'RunMigration',
  'AwaitMigration',
  'NeedsMigration',
  'UpdateService',
  'AwaitRollout',
];

/** A re-driven deployment that had touched the service. */
export const backToRollout = ['ClaimService', 'ResumeFrom', 'UpdateService', 'AwaitRollout'];

/** So many looks at the health, the last of them decides. */
export const looks = (count: number) => [
  ...Array.from({ length: count - 1 }, () => ['CheckHealth', 'Healthy', 'WaitForTargets']).flat(),
  'CheckHealth',
];

export const live = (count = 2) => [
  ...looks(count),
  'Healthy',
  'NeedsMigration',
  'CompleteDeployment',
  'Deployed',
];

export const rolledBack = ['MayRollBack', 'RollBackService', 'AwaitRollback', 'HaltDeployment'];
export const halted = ['MayRollBack', 'HaltDeployment'];
