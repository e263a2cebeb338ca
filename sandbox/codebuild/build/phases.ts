import type { Build, BuildPhase, BuildPhaseType } from '@aws-sdk/client-codebuild';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { emitPhaseChange } from '../events.ts';
import { asPhaseError } from './phase-error.ts';

/** Runs one phase after another and records in the build what became of each. */
export function phaseRecorder(context: SandboxContext, build: Build, log: (line: string) => void) {
  const now = () => new Date(context.clock.now());

  function begin(phaseType: BuildPhaseType): BuildPhase {
    const phase: BuildPhase = { phaseType, startTime: now() };
    build.currentPhase = phaseType;
    build.phases = [...(build.phases ?? []), phase];
    return phase;
  }

  function end(phase: BuildPhase, statusCode = '', message = ''): void {
    phase.endTime = now();
    phase.durationInSeconds = Math.round(
      (phase.endTime.getTime() - (phase.startTime?.getTime() ?? 0)) / 1000,
    );
    phase.contexts = [{ statusCode, message }];
    emitPhaseChange(context, build, phase);
  }

  return {
    /** Whether the phase succeeded. A build that fails in a phase goes on to whatever has to follow. */
    async run(phaseType: BuildPhaseType, perform: () => Promise<void> | void): Promise<boolean> {
      const phase = begin(phaseType);
      try {
        await perform();
        phase.phaseStatus = 'SUCCEEDED';
        end(phase);
      } catch (error) {
        const failure = asPhaseError(error);
        phase.phaseStatus = failure.status;
        end(phase, failure.statusCode, failure.message);
      }
      const [reason] = phase.contexts ?? [];
      log(`Phase complete: ${phaseType} State: ${phase.phaseStatus}`);
      log(`Phase context status code: ${reason?.statusCode} Message: ${reason?.message}`);
      return phase.phaseStatus === 'SUCCEEDED';
    },
    /** COMPLETED begins and never ends. */
    complete: () => begin('COMPLETED'),
  };
}

export type PhaseRecorder = ReturnType<typeof phaseRecorder>;
