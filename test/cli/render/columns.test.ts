import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import type { Api } from '#cli/client/api.ts';
import type { EcsDeployment, Service } from '#cli/client/contract.ts';
import { createDisplay } from '#cli/following/display.ts';
import { renderHeading } from '#cli/render/deployment.ts';
import { cutToWidth, widthOf } from '#cli/render/fit.ts';
import { renderProgress } from '#cli/render/progress.ts';
import { renderTable } from '#cli/render/table.ts';
import { renderTasks } from '#cli/render/tasks.ts';
import { createTestContext, NOW, plain } from '../context.ts';
import { begun, idle } from '../fixtures.ts';

const { red, bold } = pc.createColors(true);

/** One picture of four people, joined by three ZERO WIDTH JOINERs. */
const FAMILY = '👨‍👩‍👧‍👦';
/** An e and its accent as two characters. */
const E_ACUTE = 'e\u0301';

describe('the columns of a text', () => {
  it.each([
    ['a letter takes one', 'webapp', 6],
    ['a Japanese character takes two', '日本語', 6],
    ['a halfwidth one takes one', 'ﾃｽﾄ', 3],
    ['an emoji takes two, of however many it is joined', `${FAMILY}🇨🇭👍🏽1️⃣`, 8],
    ['an accent takes none beside its letter', `${E_ACUTE}t${E_ACUTE}`, 3],
    ['a colour takes none', red('日本'), 4],
    ['a control character takes those of its picture', '\u001b[2J\u202e', '␛[2J<U+202E>'.length],
    ['what bars and marks are made of takes one each', '█▓▒░✓✗⠋…', 8],
  ])('%s', (_, text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });
});

describe('a line that is cut', () => {
  it.each<[string, string, number, string]>([
    ['is whole where it fits exactly', '日本語', 6, '日本語'],
    ['ends in an ellipsis', 'webapp', 5, 'weba…'],
    ['has no half of a wide character', '日本語', 5, '日本…'],
    ['rather leaves a column free', '日本語', 4, '日…'],
    ['has no part of an emoji', `ab${FAMILY}cd`, 4, 'ab…'],
    ['has an emoji whole', `ab${FAMILY}cd`, 5, `ab${FAMILY}…`],
    ['has no flag of another country', 'ab🇨🇭cd', 3, 'ab…'],
    ['keeps the accent with its letter', `${E_ACUTE}t${E_ACUTE}s`, 3, `${E_ACUTE}t…`],
    ['is whole where its accents alone are too many', `${E_ACUTE}t${E_ACUTE}`, 3, `${E_ACUTE}t${E_ACUTE}`],
    [
      'counts colours for nothing, and ends them behind the ellipsis',
      `a ${red('bcdef')}`,
      5,
      `a ${red('bc…')}`,
    ],
    ['keeps its colours where it fits', red('bcdef'), 5, red('bcdef')],
    ['cuts a wide character out of its colours', red('日本語'), 5, red('日本…')],
    ['ends colours within colours', red(`日${bold('本語')}`), 5, red(`日${bold('本…')}`)],
    ['begins no colour behind the ellipsis', `abc${red('def')}`, 4, 'abc…'],
    ['counts a control character as it is shown', '\u001b[2Jabc', 6, '␛[2Ja…'],
    ['is one line, whatever came from outside', 'one\ntwo\tthree', 80, 'one two three'],
    ['is an ellipsis in one column', '日本語', 1, '…'],
  ])('%s', (_, line, columns, shown) => {
    expect(cutToWidth(line, columns)).toBe(shown);
  });
});

describe('a table', () => {
  it('stands in columns whatever its texts are written in', () => {
    const rows = [
      ['山田太郎', 'push'],
      [`Ren${E_ACUTE}e`, 'rollback'],
      [FAMILY, { text: 'deploy', paint: red }],
      ['Jane', 'redrive'],
    ];

    expect(renderTable(rows)).toEqual([
      '山田太郎  push',
      `Ren${E_ACUTE}e     rollback`,
      `${FAMILY}        ${red('deploy')}`,
      'Jane      redrive',
    ]);
  });

  it('pads a text before it is painted', () => {
    expect(
      renderTable([
        [{ text: '失敗', paint: red }, 'a'],
        ['failed', 'b'],
      ]),
    ).toEqual([`${red('失敗  ')}  a`, 'failed  b']);
  });
});

describe('a picture with text from Japan', () => {
  const at = (second: number) => new Date(NOW + second * 1_000).toISOString();
  const ecs: EcsDeployment = {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    taskDefinition: 'arn:aws:ecs:ap-northeast-1:123456789012:task-definition/webapp:8',
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 0,
    healthyCount: 1,
    failedTasks: 0,
    rolloutState: 'FAILED',
    rolloutStateReason: 'サーキットブレーカー',
  };
  const deployment = begun(at(0), {
    deployment: 'webapp-0123456789ab-8',
    trigger: { kind: 'push', requestedBy: '山田太郎 <taro@example.jp>' },
    commit: '0123456789abcdef',
    steps: [{ state: 'AwaitRollout', startedAt: at(0), endedAt: null, attempts: 1 }],
  });
  const service: Service = {
    ...idle,
    running: {
      taskDefinition: ecs.taskDefinition,
      desiredCount: 2,
      runningCount: 1,
      deployments: [ecs],
      targets: null,
      events: [{ at: at(3), message: 'タスクを開始しました: 一号機と二号機' }],
    },
  };

  it('cuts its lines where the terminal ends', () => {
    const tick = { now: NOW + 5_000, mark: '⠋', columns: 44, rows: 24 };

    expect(renderProgress({ deployment, service }, tick, plain)).toBe(`\
webapp-0123456789ab-8  commit 0123456  5.0 s

  ⠋  AwaitRollout                   5.0 s

  now  webapp:8  ████░░░░  1/2 running, 1 h…
  █ healthy  ░ not there yet

  12:00:03  タスクを開始しました: 一号機と…`);
  });

  it('leaves out of the heading what does not fit', () => {
    const heading = (columns: number) => renderHeading(deployment, NOW + 5_000, plain, columns);
    const whole = 'webapp-0123456789ab-8  push by 山田太郎  commit 0123456  5.0 s';

    expect(heading(62)).toBe(whole);
    expect(heading(61)).toBe('webapp-0123456789ab-8  commit 0123456  5.0 s');
  });

  it('makes bars as short as the text beside them wants it', () => {
    const [bar] = renderTasks({ deployments: [ecs] }, { columns: 91, isRollout: true }, plain);

    expect(bar).toBe(
      'new  webapp:8  ██████░░░░░░  1/2 running, 1 healthy, rollout failed: サーキットブレーカー',
    );
    expect(widthOf(`  ${bar}`)).toBe(91);
  });
});

describe('the line below a picture that tells of trouble', () => {
  it('is cut where the terminal ends', () => {
    const { context, written } = createTestContext({} as Api, { isTTY: true, columns: 14, rows: 9 });
    const display = createDisplay<string>(context, { picture: (moment) => moment, news: () => [] });

    display.show('a picture');
    display.trouble('接続できません。また試みます。');
    const drawn = written.err;
    display.end();

    expect(stripVTControlCharacters(drawn)).toMatch(/^接続できませ…$/m);
  });
});
