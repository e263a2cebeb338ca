#!/usr/bin/env node
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { processIo } from './terminal/io.ts';

// Without a listener Node would throw, with a stack. Nothing that could be written would be read any more.
for (const output of [process.stdout, process.stderr])
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.brokenPipe);
    if (output === process.stdout)
      process.stderr.write(`OutputFailed: the output cannot be written: ${error.message}\n`);
    process.exit(exitCodes.internal);
  });

process.exitCode = await run(process.argv.slice(2), processIo);
