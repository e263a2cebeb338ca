// npm run docs:recording: runs `npm start -- --once` and draws what it prints as docs/run.svg, line by line as it came,
// four times as fast. Needs nothing but what npm ci brings.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SPEED = 4;
const WIDTH = 860;
const LINE = 18;
const TOP = 48;

const root = fileURLToPath(new URL('../', import.meta.url));
const began = performance.now();
const run = spawn('npm', ['start', '--silent', '--', '--once'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => run.once('exit', resolve));

const lines = [{ at: 0, text: '$ npm ci && npm start' }];
for await (const text of createInterface({ input: run.stdout })) {
  // A step's beginning: its end takes its place on a terminal.
  if (/^ *…|…$/.test(text)) continue;
  lines.push({ at: (performance.now() - began) / 1000, text });
}
if ((await ended) !== 0)
  throw new Error('npm start -- --once did not go live; the recording is left as it was');
writeFileSync(join(root, 'docs/run.svg'), draw(lines));

function draw(recorded) {
  const rows = recorded.map(({ at, text }, index) => {
    const y = TOP + index * LINE;
    return `<text x="18" y="${y}" class="${colourOf(text)}" style="animation-delay:${(at / SPEED).toFixed(2)}s">${escapeXml(text)}</text>`;
  });
  const height = TOP + recorded.length * LINE;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>npm start: a push goes live in the sandbox</title>
<style>
rect { fill: #15181e }
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #c9d1d9; white-space: pre; opacity: 0; animation: show 0.2s forwards }
.dim { fill: #7d8590 } .good { fill: #57ab5a } .command { fill: #e6edf3; font-weight: bold } .title { fill: #6cb6ff }
@keyframes show { to { opacity: 1 } }
@media (prefers-reduced-motion: reduce) { text { animation: none; opacity: 1 } }
</style>
<rect width="100%" height="100%" rx="8"/>
<circle cx="20" cy="18" r="5" fill="#f47067"/><circle cx="38" cy="18" r="5" fill="#daaa3f"/><circle cx="56" cy="18" r="5" fill="#57ab5a"/>
${rows.join('\n')}
</svg>
`;
}

function colourOf(text) {
  if (text.startsWith('$')) return 'command';
  if (/^ *✓|→ 200| live$/.test(text)) return 'good';
  if (/^(Build|Deployment) /.test(text)) return 'title';
  return 'dim';
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
