// npm run docs:pipeline: draws the pipeline in docs/architecture.md from statemachines/deploy.asl.yml. With --check it
// changes nothing, and fails where the picture is not the machine's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = join(root, 'docs/architecture.md');
const between = /(<!-- pipeline: npm run docs:pipeline -->\n)[\s\S]*?(<!-- pipeline -->)/;

const tags = [{ tag: '!GetAtt', resolve: (path) => path }];
const machine = parse(readFileSync(join(root, 'statemachines/deploy.asl.yml'), 'utf8'), { customTags: tags });

const text = readFileSync(page, 'utf8');
const drawn = text.replace(between, `$1\`\`\`mermaid\n${draw(machine)}\n\`\`\`\n$2`);
if (process.argv.includes('--check')) {
  if (drawn !== text) {
    console.error('docs/architecture.md does not show the machine as it is; run npm run docs:pipeline');
    process.exitCode = 1;
  }
} else writeFileSync(page, drawn);

/** The machine as a flowchart of Mermaid: what goes well by full arrows, where failures go by dotted ones. */
function draw({ StartAt, States }) {
  const lines = ['flowchart TD', `  start([start]) --> ${StartAt}`];
  for (const [name, state] of Object.entries(States)) lines.push(`  ${name}${shapeOf(name, state)}`);
  for (const [name, state] of Object.entries(States)) {
    for (const next of nextOf(state)) lines.push(`  ${name} --> ${next}`);
    for (const next of catchesOf(state)) lines.push(`  ${name} -.-> ${next}`);
  }
  return lines.join('\n');
}

function shapeOf(name, { Type, Resource }) {
  if (Type === 'Choice') return `{${name}}`;
  if (Type === 'Succeed') return `([${name}])`;
  // Waits for its token.
  if (Resource?.endsWith('.waitForTaskToken') || Type === 'Wait') return `[/${name}/]`;
  return `[${name}]`;
}

function unique(names) {
  return [...new Set(names.filter((name) => name !== undefined))];
}

function nextOf({ Next, Default, Choices = [] }) {
  return unique([...Choices.map((choice) => choice.Next), Default, Next]);
}

function catchesOf({ Catch = [] }) {
  return unique(Catch.map(({ Next }) => Next));
}
