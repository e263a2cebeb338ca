// A plugin that bundles the functions before serverless-esbuild looks for them. On its own that one builds each function
// apart, with the same SDK in all of them. With `skipBuild` it packages the zips that it finds.
const { resolve } = require('node:path');
const { bundleFunctions } = require('./bundle.cjs');
const { isPackaging } = require('./is-packaging.cjs');

module.exports = class Bundles {
  constructor(serverless, { package: folder = '.serverless' }, { log }) {
    const { service, serviceDir: root } = serverless;
    const definitionOf = (key) => {
      const { handler, package: { patterns = [] } = {} } = service.getFunction(key);
      return { handler, include: patterns };
    };
    this.hooks = {
      // Plugins are initialized in the order of serverless.yml, and serverless-esbuild takes the zips when it is.
      initialize: async () => {
        if (!isPackaging(serverless)) return;
        const keys = service.getAllFunctions();
        const functions = Object.fromEntries(keys.map((key) => [key, definitionOf(key)]));
        const directory = resolve(root, folder);
        const built = await bundleFunctions({ root, functions, directory }).catch(({ message }) => {
          // Without the stack, which is esbuild's.
          throw new serverless.classes.Error(message);
        });
        log.notice(`Bundled ${built.length} of ${keys.length} functions; the others have not changed`);
      },
    };
  }
};
