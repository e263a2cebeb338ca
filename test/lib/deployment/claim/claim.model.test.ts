import { describe, expect, it } from '@jest/globals';
import { assertClaim, type Claimant } from '#lib/deployment/claim/claim.ts';
import { completeClaim, type Handover, releaseClaim } from '#lib/deployment/claim/release.ts';
import { requestClaim } from '#lib/deployment/claim/request.ts';
import { emptyServiceItem, type ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { resumeDocument } from '#lib/deployment/ending/resume.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { fc } from '#test/support/property.ts';
import { document, NOON, release, revision, settings } from '../fixtures.ts';

/**
 * Several executions meet at one service in any order: asked, heartbeaten, asserted, completed, failed, stopped in the
 * middle, re-driven either way, their late invocations and events included. The model knows who ought to hold what.
 */

type Phase = 'new' | 'waiting' | 'holding' | 'interrupted' | 'ended';

interface Execution {
  owner: string;
  redriveCount: number;
  phase: Phase;
  document: DeploymentDocument;
  /** What the state in the middle of which it was re-driven gets, whatever the run has been granted meanwhile. */
  input?: DeploymentDocument | undefined;
  taskToken: string;
  startedAt: number;
  /** Whether this run has ever held the claim. */
  hasHeld: boolean;
}

const ACTS = [
  'ask',
  'assert',
  'complete',
  'fail',
  'stop',
  'redrive',
  'freeze',
  'lift',
  'late invocation',
  'late end',
] as const;

type Step = { act: (typeof ACTS)[number]; who: number };

const EXPECTED = new Set([
  'ServiceFrozen',
  'Superseded',
  'NewerReleaseLive',
  'ClaimLost',
  'DeploymentInProgress',
]);

class World {
  item: ServiceItem = emptyServiceItem('webapp');
  readonly executions: Execution[];
  /** Runs that are over, with the document that a late invocation of theirs would have. */
  readonly past: (Claimant & Pick<Execution, 'hasHeld'>)[] = [];
  answers = 0;
  tokens = 0;
  now = NOON;

  constructor(builds: (number | undefined)[]) {
    this.executions = builds.map((build, index) => ({
      owner: `execution-${index}`,
      redriveCount: 0,
      phase: 'new',
      taskToken: '',
      startedAt: NOON - index,
      hasHeld: false,
      document: document({
        deployment: `deployment-${index}`,
        settings: settings({ concurrency: index === 0 ? 'reject' : 'queue' }),
        release: release({
          build: build === undefined ? undefined : { id: `build:${build}`, number: build, startedAt: build },
        }),
      }),
    }));
  }

  run({ act, who }: Step): void {
    const execution = this.executions[who % this.executions.length] as Execution;
    const before = this.item;
    this.now += 1;
    this.acts[act](execution);
    this.assess(before);
  }

  private readonly acts: Record<Step['act'], (execution: Execution) => void> = {
    ask: (execution) => {
      if (execution.phase !== 'new' && execution.phase !== 'waiting') return;
      this.tokens += 1;
      execution.taskToken = `token-${this.tokens}`;
      const decision = requestClaim(this.item, execution, this.now);
      this.item = decision.item;
      if (decision.kind === 'refused') return this.end(execution);
      if (decision.kind === 'granted') return this.hold(execution, decision.document);
      execution.phase = 'waiting';
      if (!('displaced' in decision) || decision.displaced === undefined) return;
      const displaced = this.waiterOf(decision.displaced.taskToken);
      const [newer, older] = [execution, displaced].map((each) => each.document.release.build?.startedAt);
      if (newer !== undefined && older !== undefined) expect(newer).toBeGreaterThanOrEqual(older);
      else expect(execution.startedAt).toBeGreaterThanOrEqual(displaced.startedAt);
      this.end(displaced);
    },

    assert: (execution) => {
      if (execution.phase !== 'holding' && execution.phase !== 'interrupted') return;
      const held = this.attempt(execution, () => assertClaim(this.item, execution, this.now));
      // No call is modelled here that might still land.
      if (held === undefined || 'until' in held) return;
      this.item = held.item;
      this.hold(execution, held.document);
    },

    complete: (execution) => {
      if (execution.phase !== 'holding') return;
      const live = {
        deployment: execution.document.deployment,
        taskDefinition: revision(1),
        at: this.now,
      };
      const done = completeClaim(this.item, execution, live, this.now);
      this.end(execution, done);
    },

    fail: (execution) => {
      if (execution.phase === 'holding' || execution.phase === 'interrupted') this.end(execution);
    },

    // By an operator, in any state: nobody tells the claim but the event about the execution's end.
    stop: (execution) => {
      if (execution.phase === 'ended') return;
      this.end(execution);
    },

    redrive: (execution) => {
      if (execution.phase !== 'ended') return;
      const failed = execution.document;
      execution.redriveCount += 1;
      execution.startedAt = this.now;
      execution.hasHeld = false;
      // Stopped in a state that had a claim, it goes on in the middle; else, or from HaltDeployment, through the queue.
      if (failed.claim !== undefined && this.now % 2 === 0) {
        execution.phase = 'interrupted';
        execution.input = failed;
        return;
      }
      execution.phase = 'new';
      execution.input = undefined;
      execution.document = resumeDocument(failed, {
        state: 'AwaitRollout',
        error: 'RolloutFailed',
        cause: '',
        redriveCount: execution.redriveCount - 1,
      });
    },

    freeze: () => {
      this.item = { ...this.item, freeze: { reason: 'because', requestedBy: 'ops' } };
    },

    lift: () => {
      this.item = { ...this.item, freeze: undefined };
    },

    'late invocation': (execution) => {
      // A run that ended before it held anything has left no trace by which to know it.
      const late = this.past.filter((each) => each.owner === execution.owner && each.hasHeld);
      for (const stale of late) {
        const error = this.errorOf(() => assertClaim(this.item, stale, this.now));
        expect(['ClaimLost', 'ServiceFrozen', 'NewerReleaseLive']).toContain(error?.name);
      }
    },

    'late end': (execution) => {
      for (const stale of this.past.filter((each) => each.owner === execution.owner)) {
        expect(releaseClaim(this.item, stale, this.now)).toEqual({ item: this.item });
      }
    },
  };

  private attempt<T>(execution: Execution, act: () => T): T | undefined {
    let outcome: T | undefined;
    const error = this.errorOf(() => {
      outcome = act();
    });
    if (error === undefined) return outcome;
    expect([...EXPECTED]).toContain(error.name);
    // A waiting or holding run that is refused goes to HaltDeployment, which frees what it has.
    this.end(execution);
    return undefined;
  }

  private errorOf(act: () => unknown): DeploymentError | undefined {
    try {
      act();
      return undefined;
    } catch (error) {
      if (error instanceof DeploymentError) return error;
      throw error;
    }
  }

  private hold(execution: Execution, granted: DeploymentDocument): void {
    execution.phase = 'holding';
    execution.hasHeld = true;
    execution.document = granted;
    expect(granted.claim).toEqual({
      fence: this.item.fence,
      redriveCount: execution.redriveCount,
      since: this.item.claim?.since,
    });
  }

  private end(execution: Execution, released = releaseClaim(this.item, execution, this.now)): void {
    const { owner, redriveCount, hasHeld, input, document } = execution;
    this.item = released.item;
    execution.phase = 'ended';
    this.past.push({ owner, redriveCount, hasHeld, document: input ?? document });
    if (released.handover !== undefined) this.answer(released.handover);
  }

  private answer(handover: Handover): void {
    this.answers += 1;
    const waiter = this.waiterOf(handover.taskToken);
    if ('document' in handover) this.hold(waiter, handover.document);
    else this.end(waiter);
  }

  /** Who waits under this token; an answer to any other would be lost. */
  private waiterOf(taskToken: string): Execution {
    const waiter = this.executions.find((each) => each.phase === 'waiting' && each.taskToken === taskToken);
    if (waiter === undefined) throw new Error(`Nobody waits under ${taskToken}`);
    return waiter;
  }

  private assess(before: ServiceItem): void {
    const runOf = ({ owner, redriveCount }: { owner: string; redriveCount: number }) => ({
      owner,
      redriveCount,
    });
    const inPhase = (phase: Phase) => this.executions.filter((each) => each.phase === phase).map(runOf);
    const inItem = [this.item.claim, this.item.waiter].map((each) =>
      each === undefined ? [] : [runOf(each)],
    );

    // One holder at most, one waiter at most, and both are who they ought to be.
    expect([inPhase('holding'), inPhase('waiting')]).toEqual(inItem);
    if (this.item.waiter !== undefined) {
      expect(this.item.claim).toBeDefined();
      this.waiterOf(this.item.waiter.taskToken);
    }
    const hasChangedHands =
      before.claim?.owner !== this.item.claim?.owner ||
      before.claim?.redriveCount !== this.item.claim?.redriveCount;
    if (hasChangedHands) expect(this.item.fence).toBeGreaterThan(before.fence);
    else expect(this.item.fence).toBeGreaterThanOrEqual(before.fence);
    expect(this.item.newestBuiltAt ?? 0).toBeGreaterThanOrEqual(before.newestBuiltAt ?? 0);
  }
}

const rare = new Set<Step['act']>(['freeze', 'stop', 'assert', 'late invocation', 'late end']);

const steps = fc.array(
  fc.record({
    act: fc.oneof(
      { weight: 8, arbitrary: fc.constant<Step['act']>('ask') },
      ...ACTS.map((act) => ({ weight: rare.has(act) ? 1 : 3, arbitrary: fc.constant(act) })),
    ),
    who: fc.nat({ max: 3 }),
  }),
  { maxLength: 60, size: 'max' },
);

const builds = fc.array(fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }), {
  minLength: 4,
  maxLength: 4,
});

describe('the claim, whatever several executions do to it', () => {
  it('has one holder and one waiter at most, a fence that rises with every change of hands, and loses nobody', () => {
    let handovers = 0;
    fc.assert(
      fc.property(builds, steps, (numbers, acts) => {
        const world = new World(numbers);
        for (const step of acts) world.run(step);
        handovers += world.answers;
      }),
      { numRuns: 250 },
    );
    // The sequences do reach what they are about.
    expect(handovers).toBeGreaterThan(40);
  });
});
