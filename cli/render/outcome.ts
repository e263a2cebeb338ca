import type { Deployment } from '#cli/client/contract.ts';
import { outcomeOf } from '#cli/outcome.ts';
import { exitCodes } from '../exit-codes.ts';
import { timeOf } from './deployment.ts';
import { revisionOf } from './format.ts';
import { describeServiceOutcome } from './service-outcome.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';

/** How a deployment ended and, where it failed, all that is known of why and what to do. */
export function renderOutcome(deployment: Deployment, style: Style): string {
  const { deployment: name, status, redrivenAt, endedAt, taskDefinition } = deployment;
  const time = timeOf(deployment, 0);
  const after = redrivenAt === undefined ? ` after ${time}` : ` ${time} after its redrive`;
  const took = endedAt === null ? '' : after;
  if (status === 'SUCCEEDED')
    return `${style.green('✓')} ${style.bold(name)} is live${took}${taskDefinition === undefined ? '' : `: ${revisionOf(taskDefinition)}`}\n`;
  if (status === 'SUPERSEDED')
    return `${[`${style.yellow('–')} ${style.bold(name)} was superseded`, '', ...indent(whyOf(deployment))].join('\n')}\n`;
  return `${[`${style.red('✗')} ${style.bold(name)} ${endOf(deployment)}${took}`, '', ...indent(whyOf(deployment)), '', ...describeNextSteps(deployment, style)].join('\n')}\n`;
}

function endOf({ status, error, failure }: Deployment): string {
  if (status === 'ABORTED') return 'was aborted';
  if (status === 'TIMED_OUT') return 'ran past the time that an execution may take';
  return `failed: ${error ?? failure?.error ?? 'no error is recorded'}`;
}

/** HaltDeployment's message has it all; without one, what the record has. */
function whyOf({ message, failure, steps }: Deployment): string[] {
  if (message !== undefined) return message.split('\n');
  if (failure === null) return [`It ended in ${steps.at(-1)?.state ?? 'no state that is recorded'}.`];
  const tail = failure.logTail ?? [];
  return [
    `${failure.state} failed with ${failure.error}.`,
    ...failure.message.split('\n'),
    ...(tail.length === 0 ? [] : ['Last log lines:', ...indent(tail)]),
  ];
}

/** A redrive is refused once a newer release is live. */
const releaseOf = ({ commit, digest }: Deployment) =>
  commit === undefined ? `--image ${digest}` : `--commit ${commit}`;

function describeNextSteps(deployment: Deployment, style: Style): string[] {
  const { deployment: name, service, serviceOutcome, message, error } = deployment;
  const needsPerson = outcomeOf(deployment) === exitCodes.needsPerson;
  const words = needsPerson
    ? style.red(describeServiceOutcome(serviceOutcome))
    : describeServiceOutcome(serviceOutcome);
  return [
    // The message says what runs, too; nobody should have to search for bad news.
    ...(needsPerson || message === undefined ? [words] : []),
    error === 'NewerReleaseLive'
      ? `Deploy it all the same: ${style.cyan(`landfall deploy ${service} ${releaseOf(deployment)}`)}`
      : `Go on where it failed: ${style.cyan(`landfall redrive ${name}`)}`,
    ...(needsPerson ? [`See what runs:         ${style.cyan(`landfall status ${service}`)}`] : []),
  ];
}
