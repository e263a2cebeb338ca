import type { Change, DryRun } from '../contract.ts';
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
    ...side('-', from).map(style.red),
    ...side('+', to).map(style.green),
  ]);
  return `${[style.bold(title), ...lines].join('\n')}\n`;
}

/** null: it is not there on this side. */
function side(sign: '-' | '+', value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.split('\n').map((line) => `  ${sign} ${line}`);
}

/** Whether the pre-flight would pass, and why not. */
export function renderVerification(
  { verification: { passed, problem } }: Pick<DryRun, 'verification'>,
  style: Style,
): string {
  if (passed) return `${style.green('✓')} the pre-flight passes\n`;
  return `${style.red('✗')} ${problem?.error ?? 'the pre-flight fails'}\n  ${problem?.message ?? ''}\n`;
}
