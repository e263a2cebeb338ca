import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { exitCodes } from '#cli/exit-codes.ts';
import { buildProgram } from '#cli/program.ts';
import { run } from '#cli/run.ts';
import { type Io, processIo } from '#cli/terminal/io.ts';

const page = readFileSync('docs/cli.md', 'utf8');

const names = buildProgram(processIo, () => undefined)
  .commands.map((command) => command.name())
  .filter((name) => name !== 'complete');

async function helpOf(args: string[]): Promise<string> {
  let text = '';
  const out: Io['out'] = {
    write(part) {
      text += part;
    },
  };
  await run([...args, '--help'], { ...processIo, out });
  return text.trimEnd();
}

describe('docs/cli.md', () => {
  it.each([[[]], ...names.map((name) => [[name]])])('shows what landfall %j --help prints', async (args) => {
    expect(page).toContain(`\`\`\`text\n${await helpOf(args)}\n\`\`\``);
  });

  it('has a section for every command and for nothing else', () => {
    expect([...page.matchAll(/^### (.+)$/gm)].map(([, name]) => name)).toEqual(names);
  });

  it('lists every exit code, and so does --help those that scripts meet', async () => {
    const listed = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    const helped = [...(await helpOf([])).matchAll(/^ {2}(\d+) /gm)].map(([, code]) => Number(code));

    expect(listed).toEqual(Object.values(exitCodes));
    expect(helped).toEqual(listed.filter((code) => code !== exitCodes.internal));
  });
});
