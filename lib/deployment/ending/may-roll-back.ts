import { isGoodBehindSchema, isSchemaAhead } from '#lib/deployment/claim/schema-ahead.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { flagOf } from '#lib/deployment/errors.ts';
import { isTouched } from './touched.ts';

/** What can stand between a failed deployment and its rollback: MayRollBack's rules in deploy.asl.yml, in their order. */
const OBSTACLES = {
  /** There is nothing to undo. */
  untouched: (document: DeploymentDocument) => !isTouched(document),
  /** The release went through its checks: only putting it on record failed. */
  live: ({ failure }: DeploymentDocument) => failure?.state === 'CompleteDeployment',
  /** There is nothing to go back to. */
  nothingGood: ({ lastKnownGood }: DeploymentDocument) => !lastKnownGood,
  /** The service is somebody else's by now, frozen, or nobody can tell. */
  forbidden: ({ failure }: DeploymentDocument) => flagOf(failure?.error, 'noRollback') === true,
  /** services.yml says rollback: manual. */
  manual: ({ settings }: DeploymentDocument) => settings.rollback !== 'automatic',
  /** The old code cannot run on today's schema. */
  schemaAhead: (document: DeploymentDocument) => isSchemaAhead(document) || isGoodBehindSchema(document),
};

type Obstacle = keyof typeof OBSTACLES;

/** The first obstacle to rolling back; undefined where there is none. */
export const findRollbackObstacle = (document: DeploymentDocument): Obstacle | undefined =>
  (Object.keys(OBSTACLES) as Obstacle[]).find((name) => OBSTACLES[name](document));

/** Whether the machine rolls back after this failure. */
export const mayRollBack = (document: DeploymentDocument) => findRollbackObstacle(document) === undefined;
