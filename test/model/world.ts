import type { Run, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { emptyServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import type { DeploymentError } from '#lib/deployment/errors.ts';
import type { ServiceOutcome } from '#lib/deployment/service-outcome.ts';
import { document, lastKnownGood, NOON, release, revision, settings } from '#test/lib/deployment/fixtures.ts';
import type { Bounds } from './decisions.ts';

/**
 * Everything that the search remembers of one moment. It is always NOON: when time passes, what is left until each
 * deadline shrinks instead, so that two moments with the same future are the same world.
 */
export interface World {
  item: ServiceItem;
  executions: Execution[];
  /** Calls that have been sent and have neither landed nor been refused. */
  calls: Call[];
  /** What ECS was told last. */
  service: Service;
  /** Migration tasks that have been started. */
  tasks: Task[];
  /** Ends of runs of which execution-ended has not been told. */
  ends: End[];
  /** Answers to task tokens, on their way. */
  answers: Answer[];
  /** Somebody who freed the claim waits until it can be handed over. */
  isHandingOver: boolean;
  /** So much may still go wrong. */
  adversities: number;
  /** So many releases have gone live. */
  lives: number;
  /** For names of calls and of task tokens. */
  names: number;
}

export type StateName =
  | 'ClaimService'
  | 'RegisterTaskDefinition'
  | 'RunMigration'
  | 'AwaitMigration'
  | 'UpdateService'
  | 'AwaitRollout'
  | 'CompleteDeployment'
  | 'RollBackService'
  | 'AwaitRollback'
  | 'HaltDeployment';

export interface Execution {
  status: 'not begun' | 'running' | 'succeeded' | 'failed';
  redriveCount: number;
  state: StateName;
  /** The state's input. */
  document: DeploymentDocument;
  /** The one that the state's answer is awaited under. */
  taskToken: string;
  /** The function that works for the state. */
  invocation?: Invocation | undefined;
  /** One whose state or run is over, and which goes on nevertheless. */
  late?: Invocation | undefined;
  /** What the record of its last run says. */
  recorded?: { redriveCount: number; outcome: ServiceOutcome } | undefined;
  /** So many releases had gone live when it was first told that the claim is its. */
  livesAtGrant?: number | undefined;
  /** Its run that had the claim last of all, and has given it back. */
  gaveBack?: number | undefined;
}

/** A call that changes the world, on its way. `left` are milliseconds within which it may land. */
export interface Call {
  by: number;
  redriveCount: number;
  id: string;
  state: StateName;
  left: number;
  /** The revision that the service is told to run. */
  taskDefinition?: string | undefined;
  /** The attempt at the migration. */
  attempt?: number | undefined;
  /** Another run has been granted the claim since it was sent. */
  isOvertaken: boolean;
}

export interface Service {
  taskDefinition: string;
  deploymentId: string;
  isSettled: boolean;
  /** Who told it. */
  by?: { execution: number; redriveCount: number } | undefined;
}

export interface Task {
  of: number;
  attempt: number;
  status: 'running' | 'succeeded' | 'failed';
}

export interface End {
  of: number;
  redriveCount: number;
  /** The run's last document, as the history shows it; undefined for a release that went live. */
  document?: DeploymentDocument | undefined;
}

/** What a function has still to do. */
export interface Invocation {
  redriveCount: number;
  state: StateName;
  input: DeploymentDocument;
  taskToken: string;
  step: 'ask' | 'free dead' | 'assert' | 'begin' | 'send' | 'called' | 'withdraw' | 'end';
  /** As the claim's assertion has made it. */
  document?: DeploymentDocument | undefined;
  /** The same, which names the call. */
  acted?: DeploymentDocument | undefined;
  id?: string | undefined;
  /** Milliseconds within which the call has to end. */
  callBy?: number | undefined;
  /** The answer of the call that has landed: an ECS deployment's id or a task's. */
  answer?: string | undefined;
  dead?: Run | undefined;
  refusal?: DeploymentError['name'] | undefined;
  /** Where reads and writes are apart: what it has read. */
  read?: ServiceItem | undefined;
}

export type Answer = { taskToken: string } & (
  | { document: DeploymentDocument }
  | { refusal: DeploymentError['name'] }
);

const SERVICE = 'webapp';
export const nameOf = (index: number) => `execution-${'ABCDEFG'[index]}`;
export const indexOf = (owner: string) => 'ABCDEFG'.indexOf(owner.at(-1) ?? '');
/** The revision that an execution deploys. */
export const revisionOf = (index: number) => revision(index + 1);
const BEFORE = lastKnownGood({ deployment: 'before', taskDefinition: revision(0), at: NOON - 1000 });

export function initialWorld({ builds, adversities, rejects, rollbacks = [] }: Bounds): World {
  return {
    item: { ...emptyServiceItem(SERVICE), lastKnownGood: BEFORE },
    executions: builds.map((build, index) => ({
      status: 'not begun',
      redriveCount: 0,
      state: 'ClaimService',
      taskToken: '',
      document: document({
        deployment: nameOf(index),
        ...(rollbacks.includes(index) && { trigger: { kind: 'rollback' as const } }),
        settings: settings({
          migration: { overrides: 'ecs/migrate.json' },
          concurrency: rejects ? 'reject' : 'queue',
        }),
        release: release({
          build: build === undefined ? undefined : { id: `b:${build}`, number: build, startedAt: build },
        }),
      }),
    })),
    calls: [],
    service: { taskDefinition: revision(0), deploymentId: 'of before', isSettled: true },
    tasks: [],
    ends: [],
    answers: [],
    isHandingOver: false,
    adversities,
    lives: 0,
    names: 0,
  };
}

/** A copy whose parts may be changed; documents and the service's item are never changed in place. */
export const copyOf = (world: World): World => ({
  ...world,
  executions: world.executions.map((each) => ({
    ...each,
    invocation: each.invocation && { ...each.invocation },
    late: each.late && { ...each.late },
  })),
  calls: world.calls.map((each) => ({ ...each })),
  service: { ...world.service },
  tasks: world.tasks.map((each) => ({ ...each })),
  ends: [...world.ends],
  answers: [...world.answers],
});

export { NOON };
