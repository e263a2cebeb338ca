export type Write = (text: string) => void;

/** What `docker build --progress=plain` prints: numbered steps, each line of output behind its step's number. */
export function createProgress(write: Write) {
  let steps = 0;
  return {
    async step<Result>(
      title: string,
      perform: (line: Write) => Promise<Result | 'cached'> | Result | 'cached',
    ) {
      const prefix = `#${++steps}`;
      const started = performance.now();
      const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
      write(`${prefix} ${title}\n`);
      try {
        const result = await perform((line) => write(`${prefix} ${seconds()} ${line}\n`));
        write(result === 'cached' ? `${prefix} CACHED\n\n` : `${prefix} DONE ${seconds()}s\n\n`);
        return result;
      } catch (error) {
        write(`${prefix} ERROR: ${error instanceof Error ? error.message : error}\n`);
        throw error;
      }
    },
  };
}

export type Progress = ReturnType<typeof createProgress>;

/** The lines around the instruction that failed, marked as docker marks them. */
export function excerpt(file: string, content: string, line: number, lastLine: number): string {
  const lines = content.split('\n');
  const from = Math.max(1, line - 3);
  const to = Math.min(lines.length, lastLine + 3);
  const shown = lines.slice(from - 1, to).map((text, index) => {
    const number = from + index;
    const mark = number >= line && number <= lastLine ? '>>>' : '   ';
    return `${String(number).padStart(4)} | ${mark} ${text}`.trimEnd();
  });
  return [`${file}:${line}`, '--------------------', ...shown, '--------------------', ''].join('\n');
}
