import type { Cell } from './cells.ts';

const INTRODUCTION = `# What becomes of a deployment when AWS fails

Every Task state of the pipeline, with everything that can go wrong while the machine is in it. \`npm test\` runs each line
of these tables as a whole deployment in virtual time: the compiled state machine, the real functions, the sandbox's
services. This page is what came out; \`npm run fault-matrix\` writes it anew, and the tests fail where it is not what they
see. The calls of a state are those that its function was seen to make, so that a new call has its lines by itself.

Of every line holds, too, that the execution ends; that nobody holds the claim then; that the record of the deployment is
closed; that people are told what runs (unless it is SNS that fails); that no release is migrated twice; and that a redrive
after the fault ends with the release live. A failed deployment is re-driven into the next fault of its table and, at the
end, without one; a stopped one at once without.

- **Path**: the Task states from the faulty one on. ↻: the machine ran it again.
- **Ending**: \`live\`, a name of the [runbook](runbook.md), \`ABORTED\` for a stopped execution, or a bug's own name.
- **Service**: whether the ECS service was touched, and what runs in the end.
- The states of the way back are reached by a release that crashes: undisturbed, they end as \`RolloutCrashLoop\`.
`;

const row = (columns: string[]) => `| ${columns.join(' | ')} |`;

const line = ({ fault, path, retried, ending, service }: Cell) => {
  const [first = '', ...rest] = path;
  return row([fault, [retried ? `${first} ↻` : first, ...rest].join(' → '), `\`${ending}\``, service]);
};

/** The page of the fault matrix. */
export function pageOf(rows: Map<string, Cell[]>): string {
  const tables = [...rows].map(([state, cells]) =>
    [
      `## ${state}`,
      '',
      row(['Fault', 'Path', 'Ending', 'Service']),
      row(['---', '---', '---', '---']),
      ...cells.map(line),
      '',
    ].join('\n'),
  );
  return [INTRODUCTION, ...tables].join('\n');
}
