const { copyFileSync, existsSync, mkdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const esbuild = require('esbuild');
const { zipSync } = require('fflate');
const { buildOptions } = require('../../esbuild.config.cjs');
const { openCache } = require('./cache.cjs');

/**
 * Bundles functions and zips each with the files that it includes, in one run of esbuild: what they share is read and
 * parsed once. A function none of whose files has changed since it was last built is taken from node_modules/.cache.
 *
 * @param {object} options
 * @param {string} options.root the folder of serverless.yml
 * @param {Record<string, { handler: string, include: string[] }>} options.functions by key, as serverless.yml has them:
 *   `functions/states/claim-service.handler`, and paths of files from the root
 * @param {string} options.directory where each function's `KEY.zip` goes
 * @param {AbortSignal} [options.signal] aborted, it ends esbuild and fails
 * @returns {Promise<string[]>} the keys of the functions that were built
 * @throws esbuild's BuildFailure, which says file, line and why
 */
exports.bundleFunctions = async ({ root, functions, directory, signal }) => {
  const cache = openCache(root);
  const stale = Object.keys(functions).filter((key) => !cache.isFresh(key, functions[key]));
  if (stale.length > 0) {
    const before = Date.now();
    const built = await build(root, [...new Set(stale.map((key) => entryOf(functions[key])))], signal);
    cache.keep(
      before,
      stale.map((key) => {
        const { include } = functions[key];
        const { name, code, inputs } = built.get(entryOf(functions[key]));
        const zip = zipped({ [name]: code, ...readAll(root, key, include) });
        return { key, ...functions[key], zip, inputs: [...inputs, ...include] };
      }),
    );
  }
  mkdirSync(directory, { recursive: true });
  for (const key of Object.keys(functions)) copyFileSync(cache.zipOf(key), join(directory, `${key}.zip`));
  return stale;
};

const entryOf = ({ handler }) => handler.replace(/\.[^.]+$/, '.ts');

/** Each entry's name in the zip, its code and the files that it was made from. */
async function build(root, entryPoints, signal) {
  signal?.addEventListener('abort', esbuild.stop);
  try {
    const { outputFiles, metafile } = await esbuild.build({
      ...buildOptions,
      absWorkingDir: root,
      entryPoints,
      // Nothing is written there: it is what the names of the outputs are relative to.
      outdir: root,
      outbase: root,
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    return new Map(
      outputFiles.map(({ path, contents }) => {
        const name = path.slice(root.length + 1).replaceAll('\\', '/');
        const { entryPoint } = metafile.outputs[name];
        return [entryPoint, { name, code: contents, inputs: filesOf(metafile, entryPoint) }];
      }),
    );
  } finally {
    signal?.removeEventListener('abort', esbuild.stop);
    // Its process would stay, and keep what it has read in memory.
    await esbuild.stop();
  }
}

/** Everything that an entry imports, also where nothing of it is left in the bundle: a change may bring it in. */
function filesOf({ inputs }, entryPoint) {
  const found = new Set([entryPoint]);
  for (const path of found)
    for (const { path: imported, external } of inputs[path].imports) if (!external) found.add(imported);
  // What a plugin makes up is no file.
  return [...found].filter((path) => !path.includes(':'));
}

function readAll(root, key, paths) {
  for (const path of paths)
    if (!existsSync(join(root, path)))
      throw new Error(
        `${key} cannot be packaged: its package.patterns name ${path}, and there is no such file; name a file by its path from serverless.yml, without wildcards`,
      );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path))]));
}

/** The same files make the same zip, or an unchanged function would be deployed again: of one date, readable by Lambda. */
function zipped(files) {
  const attributes = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 };
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, [bytes, attributes]])),
  );
}
