import { calmPath, rolledBack, stepsOf } from '#test/support/paths.ts';
import { taskStates } from '#test/support/wiring.ts';
import type { Cell } from './cells.ts';

/** Quoted, in lines that do not get too long. */
const quoted = (path: string[]) => `> ${stepsOf(path).join(' → ')}`.replaceAll(/(.{90,110} →) /g, '$1\n> ');

const INTRODUCTION = `# What becomes of a deployment when AWS fails

Every Task state of the pipeline, with everything that can go wrong in it. Each fault is one whole deployment in virtual
time: the compiled state machine, the real functions, the sandbox's services. \`npm run fault-matrix\` writes what came
out; with \`-- -t AwaitRollout\`, of that state. \`npm run test:simulation\` fails where it sees anything else.

Without a fault a release takes the calm path, and ends \`live\`:

${quoted(calmPath())}

The states of the way back need a release that crashes. It ends as \`RolloutCrashLoop\`:

${quoted(rolledBack)}

After every fault, all of this holds too:

- The execution has ended, and nobody holds the claim.
- The record of the deployment is closed.
- People were told what runs, unless it is the telling that fails.
- No release was migrated twice.
- A redrive without the fault ends with the release live.

A failed deployment is re-driven into the next fault of its state. A stopped one is re-driven at once without a fault.

## How to read it

| Fault | What happens |
| --- | --- |
| events lost | No event of ECS arrives. |
| Lambda busy | Lambda answers ServiceException, then TooManyRequestsException. |
| crash | Once, the runtime crashes before the function works. |
| timeout | Once, the function works and then times out: its answer is lost. |
| bug before | The function throws a TypeError before it works. |
| bug after | The function works, and then throws a TypeError. |
| stopped | The execution is stopped, while the function works on. |
| answers lost | Each call is performed, and its first answer is lost. |
| all 503 | Every call is answered 503, for long. |
| in turn | A call is throttled, answered 503, then performed without an answer. Then the next; five at most. |
| denied | The call is refused for want of a permission. |
| conflicts | The write always meets another writer. |

- The calls of a state are those that its function was seen to make. A new call has its lines by itself.
- **Ending**: \`live\`, a name of the [runbook](runbook.md), \`ABORTED\`, or the bug's own name.
- **Service**: untouched; new, where the new revision runs; or rolled back.
- **Path**: the steps that follow, where they are not those without a fault. ↻: the machine ran the state again.
`;

const row = (columns: string[]) => `| ${columns.join(' | ')} |`;

const again = ({ retried }: Cell) => (retried ? ' ↻' : '');

function line(cell: Cell): string {
  const { fault, path, isUndisturbed, ending, service } = cell;
  const told = isUndisturbed ? '' : path.join(' → ') || 'ends there';
  return row([fault, `\`${ending}\``, service, `${again(cell)} ${told}`.trim()]);
}

/** What the page tells of one Task state. */
export function sectionOf(state: string, cells: Cell[]): string {
  const harmless = cells.filter(({ recovers }) => recovers).map((cell) => `${cell.fault}${again(cell)}`);
  return [
    `## ${state}`,
    '',
    `As if nothing had happened: ${harmless.join(', ')}.`,
    '',
    row(['Fault', 'Ending', 'Service', 'Path']),
    row(['---', '---', '---', '---']),
    ...cells.filter(({ recovers }) => !recovers).map(line),
  ].join('\n');
}

/** The sections of a page, by Task state. */
export function sectionsOf(page: string): Map<string, string> {
  const [, ...sections] = page.split(/^(?=## \w+$)/m);
  return new Map(sections.map((section) => [/\w+/.exec(section)?.[0] ?? '', section.trimEnd()]));
}

/** The page with a section for each Task state, in the order of the machine. */
export function pageOf(sections: Map<string, string>): string {
  const all = [INTRODUCTION.trimEnd(), ...taskStates.map((state) => sections.get(state) ?? `## ${state}`)];
  return `${all.join('\n\n')}\n`;
}
