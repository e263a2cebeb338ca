import type { Service } from '../contract.ts';
import type { Style } from './style.ts';
import { type Cell, table } from './table.ts';
import { ago, moment, revision } from './words.ts';

/** All services, one to a line. */
export function renderServices(services: Service[], now: number, style: Style): string {
  const heading = ['SERVICE', 'RUNS', 'TASKS', 'LIVE SINCE', 'STATE'].map((text) => ({
    text,
    paint: style.dim,
  }));
  return `${table([heading, ...services.map((service) => row(service, now, style))]).join('\n')}\n`;
}

function row(service: Service, now: number, style: Style): Cell[] {
  const { running, lastKnownGood } = service;
  return [
    { text: service.service, paint: style.bold },
    running === null ? '–' : revision(running.taskDefinition),
    running === null ? '–' : `${running.runningCount}/${running.desiredCount}`,
    lastKnownGood === null ? '–' : ago(lastKnownGood.at, now),
    stateOf(service, style),
  ];
}

function stateOf({ claim, freeze }: Service, style: Style): Cell {
  if (claim !== null) return { text: `deploying ${claim.deployment}`, paint: style.cyan };
  if (freeze === null) return 'ready';
  const until = freeze.until === null ? '' : ` until ${moment(freeze.until)}`;
  return { text: `frozen${until}: ${freeze.reason}`, paint: style.yellow };
}
