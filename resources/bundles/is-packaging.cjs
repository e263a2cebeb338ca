const COMMANDS = ['package', 'deploy', 'deploy function'];

/** Whether the framework was asked to package the functions: `deploy --package` deploys what was packaged before. */
exports.isPackaging = ({ processedInput: { commands, options } }) =>
  COMMANDS.includes(commands.join(' ')) && (commands[0] === 'package' || options.package === undefined);
