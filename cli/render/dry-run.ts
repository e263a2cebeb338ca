import type { Change, DryRun } from '#cli/client/contract.ts';
import { describeFreeze } from './service.ts';
import type { Style } from './style.ts';

export type Changes = Pick<DryRun, 'taskDefinition' | 'serviceDefinition'>;

/** What a deployment would change, member by member, as a diff. */
export function renderDiff({ taskDefinition, serviceDefinition }: Changes, style: Style): string {
  const sections = [
    ['Task definition', taskDefinition],
    ['Service', serviceDefinition],
  ] as const;
  return sections.map(([title, changes]) => renderChanges(title, changes, style)).join('\n');
}

function renderChanges(title: string, changes: Change[], style: Style): string {
  if (changes.length === 0) return `${style.bold(title)}: no changes\n`;
  const lines = changes.flatMap(({ path, from, to }) => [
    `  ${path}`,
    ...renderSide('-', from).map(style.red),
    ...renderSide('+', to).map(style.green),
  ]);
  return `${[style.bold(title), ...lines].join('\n')}\n`;
}

/** null: it is not there on this side. */
function renderSide(sign: '-' | '+', value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.split('\n').map((line) => `  ${sign} ${line}`);
}

export type Verified = Pick<DryRun, 'verification' | 'claim' | 'waiter' | 'freeze'>;

/** Whether the pre-flight would pass, why not, and who is in the way. */
export function renderVerification(
  { verification: { passed, problem }, claim, waiter, freeze }: Verified,
  style: Style,
): string {
  const verdict = passed
    ? [`${style.green('✓')} the pre-flight passes`]
    : [`${style.red('✗')} ${problem?.error ?? 'the pre-flight fails'}`, `  ${problem?.message ?? ''}`];
  const lines = [
    ...verdict,
    ...(freeze === null || problem?.error === 'ServiceFrozen' ? [] : [`  frozen ${describeFreeze(freeze)}`]),
    ...(claim === null || problem?.error === 'DeploymentInProgress'
      ? []
      : [`  ${claim.deployment} is under way: this one would wait for its turn`]),
    ...(waiter === null ? [] : [`  ${waiter.deployment} waits: this one would take its place`]),
  ];
  return `${lines.join('\n')}\n`;
}
