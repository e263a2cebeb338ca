// npm run build: the landfall command as a package of its own, dist/, with nothing to install beside it:
// `npm pack ./dist`, `npm install --global ./dist`. Another folder may be named: node scripts/build.mjs FOLDER.
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = process.argv[2] ?? join(root, 'dist');
const command = join(dist, 'landfall.mjs');
const { version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['cli/main.ts'],
  outfile: command,
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: {
    // Some of the bundled libraries are CommonJS.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});
chmodSync(command, 0o755);

const packageFile = {
  name: 'landfall',
  version,
  description: `${description}: the command`,
  license,
  type: 'module',
  bin: { landfall: 'landfall.mjs' },
  engines: { node: '>=20' },
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(packageFile, null, 2)}\n`);
cpSync(join(root, 'docs/cli.md'), join(dist, 'README.md'));
cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'));
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), notices(Object.keys(metafile.inputs)));

/** The libraries in the bundle want their licences beside them; many share one. */
function notices(inputs) {
  const folders = new Set(
    inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
  );
  const licensed = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim();
    licensed.set(text, [...(licensed.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return [...licensed].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`).join('\n----\n\n');
}
