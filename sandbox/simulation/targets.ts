import type { HealthCheck, Probe, ProbeTarget } from '#sandbox/balancers/engine/probe.ts';
import type { ContainerSpec } from '#sandbox/containers/runtime.ts';
import type { Behaviour } from '#sandbox/containers/scripted-runtime.ts';

/** A container of a simulation, and what it answers to HTTP. */
export interface SimulatedBehaviour extends Behaviour {
  /** The status answered to a GET, by path and age in milliseconds; undefined: no connection, 'slow': no answer in time. */
  answers?: (path: string, ageMilliseconds: number) => number | 'slow' | undefined;
}

/** Health checks of a simulation: asks the running container that has the port. */
export function simulatedProbe(
  answerOn: (port: number, path: string) => number | 'slow' | undefined,
): ProbeTarget {
  return (endpoint, check: HealthCheck): Probe => {
    const answer = endpoint === undefined ? undefined : answerOn(endpoint.port, check.path);
    return { result: Promise.resolve(resultOf(answer, check)), cancel: () => undefined };
  };
}

function resultOf(answer: number | 'slow' | undefined, check: HealthCheck): Awaited<Probe['result']> {
  if (answer === undefined) return { outcome: 'failed' };
  if (answer === 'slow') return { outcome: 'timeout' };
  if (check.protocol === 'TCP' || check.matches(answer)) return { outcome: 'passed' };
  return { outcome: 'mismatch', statusCode: answer };
}

/** The port that the process runtime would have told the container. */
export const portOf = (spec: ContainerSpec) => Number(spec.environment.PORT ?? 0);
