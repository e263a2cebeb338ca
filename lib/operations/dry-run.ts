import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { createTaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import { toDeploymentError } from '#lib/aws/sdk/faults.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { type Change, changesBetween } from '#lib/deployment/release/diff.ts';
import {
  isSameTaskDefinition,
  normalizeTaskDefinition,
  templateOf,
} from '#lib/deployment/release/task-definition.ts';
import * as templates from './templates.ts';
import { verify } from './verification.ts';

const services = createEcsServices();
const taskDefinitions = createTaskDefinitions();

interface DryRun {
  taskDefinition: Change[];
  serviceDefinition: Change[];
  verification: { passed: boolean; problem: { error: string; message: string } | null };
}

/** What a deployment would change, and whether its pre-flight passes; nothing is changed by finding out. */
export async function performDryRun(document: DeploymentDocument): Promise<DryRun> {
  const [problem, changed] = await Promise.all([
    failureOf(verify(document)),
    // Where the templates cannot be read, the pre-flight says so.
    findChanges(document).catch(ifOurs(() => ({ taskDefinition: [], serviceDefinition: [] }))),
  ]);
  return { ...changed, verification: { passed: problem === null, problem } };
}

async function findChanges(document: DeploymentDocument) {
  const { cluster, service } = document.settings;
  const running = await services.describe(cluster, service);
  const template = await templates.taskDefinition(document);
  const [described, latest] = await Promise.all([
    running?.taskDefinition === undefined ? undefined : taskDefinitions.describe(running.taskDefinition),
    taskDefinitions.describe(template.family),
  ]);
  const before = described === undefined ? {} : normalizeTaskDefinition(templateOf({ ...described }));
  const isRegistered = latest !== undefined && isSameTaskDefinition(template, { ...latest });
  const revision = isRegistered ? latest.taskDefinitionArn : `${template.family}:(the next revision)`;
  return {
    taskDefinition: changesBetween(before, normalizeTaskDefinition(template)),
    // Of a service that exists UpdateService changes the revision alone; its template is for creating it.
    serviceDefinition:
      running === undefined
        ? changesBetween({}, { ...(await templates.service(document)), taskDefinition: revision })
        : changesBetween({ taskDefinition: running.taskDefinition }, { taskDefinition: revision }),
  };
}

const failureOf = (verified: Promise<unknown>) =>
  verified.then(
    () => null,
    ifOurs(({ name, refusal }) => ({ error: name, message: refusal })),
  );

/** A finding of the pre-flight is an answer; AWS that does not answer is none. */
const ifOurs =
  <T>(make: (error: DeploymentError) => T) =>
  (thrown: unknown): T => {
    const error = toDeploymentError(thrown);
    if (error instanceof DeploymentError && error.name !== 'AwsUnavailable') return make(error);
    throw error;
  };
