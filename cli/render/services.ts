import type { Service } from '#cli/client/contract.ts';
import { renderCondition } from './condition.ts';
import { formatAgo, revisionOf } from './format.ts';
import { describeLatest } from './latest.ts';
import type { Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';
import { describeRunning } from './tasks.ts';

/** All services, one to a line. */
export function renderServices(services: Service[], now: number, style: Style): string {
  const heading = ['SERVICE', 'RUNS', 'LAST KNOWN GOOD', 'STATE', 'LAST DEPLOYMENT'].map((text) => ({
    text,
    paint: style.dim,
  }));
  return `${renderTable([heading, ...services.map((service) => renderRow(service, now, style))]).join('\n')}\n`;
}

function renderRow(service: Service, now: number, style: Style): Cell[] {
  const { running, lastKnownGood, latest } = service;
  return [
    { text: service.service, paint: style.bold },
    running === null ? '–' : describeRunning(running),
    lastKnownGood === null
      ? '–'
      : `${revisionOf(lastKnownGood.taskDefinition)}, ${formatAgo(lastKnownGood.at, now)}`,
    renderCondition(service, now, style),
    latest === null ? '–' : describeLatest(latest, now, style),
  ];
}
