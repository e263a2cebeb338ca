const { createHash } = require('node:crypto');
const {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');
const esbuild = require('esbuild');

/** Beside what a bundle is made from, what decides how it is made and which packages it finds. */
const SETTINGS = [
  'esbuild.config.cjs',
  'package.json',
  'package-lock.json',
  'resources/bundles/bundle.cjs',
  'tsconfig.json',
];

/**
 * The zips that were built last, and what they were built from: by content, as a checkout of another branch sets new
 * times. `bundles.json` is gone while zips are written, so that no half of them is ever taken for the whole.
 */
exports.openCache = (root) => {
  const directory = join(root, 'node_modules', '.cache', 'landfall', 'bundles');
  const file = join(directory, 'bundles.json');
  const hashes = new Map();
  const hashOf = (path) => {
    if (!hashes.has(path)) hashes.set(path, sha256(join(root, path)));
    return hashes.get(path);
  };
  const zipOf = (key) => join(directory, `${key}.zip`);
  const settings = [esbuild.version, ...SETTINGS.map(hashOf)].join();
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const { bundles, files } = known?.settings === settings ? known : { bundles: {}, files: {} };

  return {
    zipOf,
    isFresh(key, { handler, include }) {
      const bundle = bundles[key];
      return (
        bundle?.handler === handler &&
        bundle.include.join() === include.join() &&
        existsSync(zipOf(key)) &&
        bundle.inputs.every((path) => files[path] === hashOf(path))
      );
    },
    /** Keeps what was built since `before` (milliseconds). A file that was written meanwhile may have been read older. */
    keep(before, built) {
      rmSync(file, { force: true });
      mkdirSync(directory, { recursive: true });
      for (const { key, zip, handler, include, inputs } of built) {
        writeFileSync(zipOf(key), zip);
        bundles[key] = { handler, include, inputs };
        for (const path of inputs) {
          if (statSync(join(root, path)).mtimeMs < before) files[path] = sha256(join(root, path));
          else delete files[path];
        }
      }
      writeFileSync(`${file}.draft`, JSON.stringify({ settings, bundles, files }));
      renameSync(`${file}.draft`, file);
    },
  };
};

/** Null where there is no such file. */
function sha256(path) {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : null;
}
