import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ErrorName, errors, isErrorName } from '#lib/deployment/errors.ts';
import { FreezeRequest } from '#lib/deployment/release/request.ts';
import { serverless, stateMachine } from '#test/support/wiring.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const runbook = read('docs/runbook.md');

const PARTS = ['What happened', 'What runs now', 'What to do', 'Redrive'];
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

const [, general = '', ...groups] = runbook.split(/^## /m);

/** Name of an error → its section; the first group is of general use and names none. */
const sections = new Map(
  groups
    .flatMap((group) => group.split(/^### /m).slice(1))
    .map((text): [string, string] => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n'))]),
);

/** Part → text of one section. */
function partsOf(name: string): Map<string, string> {
  const parts = [...(sections.get(name) ?? '').matchAll(/^- \*\*([^*]+):\*\* ([\s\S]*?)(?=^- \*\*|^\s*$)/gm)];
  return new Map(parts.map(([, part = '', text = '']) => [part, oneLine(text)]));
}

describe('the runbook', () => {
  it('has a section for every error, and for nothing that is none', () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(errors).sort());
  });

  it.each(Object.keys(errors) as ErrorName[])('%s: says what its error says, in four parts', (name) => {
    const parts = partsOf(name);
    const { happened, remedy } = errors[name];

    expect([...parts.keys()]).toEqual(PARTS);
    expect(sentenceOf(parts.get('What happened'), happened)).toBe(happened);
    expect(sentenceOf(parts.get('What to do'), remedy)).toBe(remedy);
  });

  it('sends no redrive to a state that ResumeFrom does not know', () => {
    const { Choices, Default } = stateMachine.States.ResumeFrom ?? {};
    const known = [Default, ...(Choices ?? []).map((choice) => choice.Next)];
    const named = [...sections.keys()].flatMap((name) =>
      [...(partsOf(name).get('Redrive') ?? '').matchAll(/from ([A-Z]\w+)/g)].map(([, state]) => state),
    );

    expect(named.length).toBeGreaterThan(0);
    expect(known).toEqual(expect.arrayContaining(named));
  });

  it('lists every error after which the machine does not roll back', () => {
    const conditions = (stateMachine.States.MayRollBack?.Choices ?? []).map(({ Condition }) => Condition);
    const names = [...conditions.join('\n').matchAll(/"(\w+)"/g)]
      .map(([, name = '']) => name)
      .filter(isErrorName);
    const rule = sectionTitled('What is rolled back');

    expect(names.length).toBeGreaterThan(0);
    const listed = [...rule.matchAll(/\w+/g)].map(([word]) => word).filter(isErrorName);
    expect([...new Set(listed)].sort()).toEqual([...new Set(names)].sort());
  });

  it('freezes a service by a request that the API takes', () => {
    const [, body = ''] = /-X PUT .* -d '(.*)'/.exec(sectionTitled('How to freeze a service')) ?? [];

    expect(FreezeRequest.parse(JSON.parse(body))).toMatchObject({ reason: 'Database failover' });
  });
});

describe('the README', () => {
  it('lists exactly the routes that there are', () => {
    const events = Object.values(serverless.functions);
    const routes = events
      .flatMap((each) => each.events ?? [])
      .flatMap((event) => ('httpApi' in event ? routeOf(event.httpApi) : []));
    const rows = read('README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split(' | ')[0] ?? '');
    const listed = rows.flatMap((row) => row.match(/(?:GET|POST|PUT|DELETE) \/[^\s`?]*/g) ?? []);

    expect([...new Set(listed)].sort()).toEqual(routes.sort());
  });
});

/** What stands where a sentence has to stand: at the start of a part, capital or not, as a whole clause. */
function sentenceOf(part = '', sentence: string): string {
  const found = part.slice(0, sentence.length);
  const isWhole = /^(?:[.:;,]| \()/.test(part.slice(sentence.length));
  return isWhole ? `${sentence[0]}${found.slice(1)}` : part;
}

const routeOf = (httpApi: unknown) => {
  const { method, path } = httpApi as { method: string; path: string };
  return `${method} ${path}`;
};

const sectionTitled = (title: string) =>
  general.split(/^### /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
