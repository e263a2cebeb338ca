import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import type { LogLine, Logs } from '#cli/client/contract.ts';
import { completenessNotesOf, createLineRenderer } from '#cli/render/lines.ts';
import { plain } from '../context.ts';
import { at } from './rolling.ts';

describe('the log of a deployment', () => {
  const line = (rest: Partial<LogLine>): LogLine => ({
    at: at(20),
    task: '89abcdef0123',
    container: 'webapp',
    message: 'listening on port 80',
    ...rest,
  });
  const source: Logs['sources'][number] = {
    task: '89abcdef0123',
    container: 'webapp',
    migration: false,
    lastStatus: 'RUNNING',
    from: 'logs',
    logGroup: '/ecs/webapp',
    logStream: 'webapp/webapp/89abcdef0123',
    problem: null,
  };
  const answer = { deployment: 'webapp-0123456789ab-8', sources: [source], truncated: false };

  it('is lines with their time, task and container', () => {
    const lines = [
      line({}),
      line({ task: 'fedcba987654', message: 'Error: no\n    at main.js:1\n' }),
      line({ at: null, message: 'boom' }),
    ];

    expect(lines.map(createLineRenderer(plain)).join('')).toBe(`\
12:00:20  89abcdef webapp  listening on port 80
12:00:20  fedcba98 webapp  Error: no
12:00:20  fedcba98 webapp      at main.js:1
          89abcdef webapp  boom
`);
  });

  it('has a colour of its own for each task', () => {
    const render = createLineRenderer(pc.createColors(true));
    const [first, second, third] = [line({}), line({ task: 'fedcba987654' }), line({})].map(render);

    expect(first).toBe(
      '\u001b[2m12:00:20\u001b[22m  \u001b[36m89abcdef webapp\u001b[39m  listening on port 80\n',
    );
    expect(second).toContain('\u001b[33mfedcba98 webapp\u001b[39m');
    expect(third).toBe(first);
  });

  it.each<[string, Partial<typeof answer>, string[]]>([
    ['says nothing where it is all there', {}, []],
    [
      'says when ECS knows nothing any more',
      { sources: [] },
      [
        'ECS shows no task of webapp-0123456789ab-8: it forgets them an hour after they have stopped. Their lines are in CloudWatch Logs.',
      ],
    ],
    [
      'says what it cannot read, what the record keeps, and that there is more',
      {
        sources: [
          { ...source, from: 'record' },
          { ...source, problem: 'it writes its log with the driver json-file' },
        ],
        truncated: true,
      },
      [
        'ECS has forgotten the task 89abcdef: of webapp the record keeps these last lines. All are in CloudWatch Logs.',
        'There is nothing of webapp of task 89abcdef: it writes its log with the driver json-file.',
        'There are more containers than are shown: name one with --container.',
      ],
    ],
  ])('%s', (_, rest, notes) => {
    expect(completenessNotesOf({ ...answer, ...rest })).toEqual(notes);
  });
});
