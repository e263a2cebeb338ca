import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.ts';

export type Handler = (event: unknown, context: unknown) => unknown;

/** `functions/states/claim-service.handler` → the module's path without extension, and the export's path. */
function parseHandler(handler: string): { module: string; exportPath: string[] } {
  const match = /^([^.]*)\.(.+)$/.exec(basename(handler));
  if (match === null || handler.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use FILE.EXPORT.`,
    );
  }
  return { module: join(dirname(handler), match[1] ?? ''), exportPath: (match[2] ?? '').split('.') };
}

/** Whether the nearest package.json inside the task root says that a .js file is an ES module. */
function isModulePackage(file: string, taskRoot: string): boolean {
  for (let folder = dirname(file); folder.startsWith(taskRoot); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
  }
  return false;
}

async function loadModule(taskRoot: string, module: string): Promise<Record<string, unknown>> {
  const path = resolve(taskRoot, module);
  const file = ['', '.js', '.mjs', '.cjs']
    .map((extension) => path + extension)
    .find((name) => /\.[cm]?js$/.test(name) && existsSync(name));
  if (file === undefined) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${basename(module)}'`);
  }
  if (file.endsWith('.mjs') || (file.endsWith('.js') && isModulePackage(file, taskRoot))) {
    return await import(pathToFileURL(file).href);
  }
  return createRequire(file)(file);
}

const NOT_FOUND = new Set(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND']);

/** Renames what failed while the module was read; an error that the module itself throws stays as it is. */
function asRuntimeError(thrown: unknown): unknown {
  if (thrown instanceof RuntimeError || !(thrown instanceof Error)) return thrown;
  const message = `${thrown.name}: ${thrown.message}`;
  if (thrown instanceof SyntaxError)
    return new RuntimeError('Runtime.UserCodeSyntaxError', message, thrown.stack);
  if (NOT_FOUND.has(String((thrown as NodeJS.ErrnoException).code))) {
    return new RuntimeError('Runtime.ImportModuleError', message, thrown.stack);
  }
  return thrown;
}

/** Loads the user's handler, or throws the error that Lambda names for the way in which it cannot be loaded. */
export async function loadHandler(taskRoot: string, handler: string): Promise<Handler> {
  const { module, exportPath } = parseHandler(handler);
  let found: unknown;
  try {
    found = await loadModule(taskRoot, module);
  } catch (thrown) {
    throw asRuntimeError(thrown);
  }
  for (const key of exportPath) found = (found as Record<string, unknown> | undefined)?.[key];
  if (found === undefined) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${basename(handler)} is undefined or not exported`);
  }
  if (typeof found !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${basename(handler)} is not a function`);
  }
  if (found.length >= 3) throw new RuntimeError('Runtime.CallbackHandlerDeprecated', CALLBACK_REMOVED);
  return found as Handler;
}

const CALLBACK_REMOVED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
  'You need to modify this function to use a supported handler signature to use Node.js 24 or later.';
