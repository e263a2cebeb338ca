import type { Build } from '@aws-sdk/client-codebuild';
import type { CodeBuildSurroundings } from '../needs.ts';

export interface BuildLog {
  /** A line of a command's output. */
  output(line: string): void;
  /** A line of CodeBuild's agent: `[Container] 2026/01/02 03:04:05.678000 …`. */
  agent(line: string): void;
  /** From now on these are written as ***. */
  hide(secrets: string[]): void;
}

/** The build's log stream, a line an event. Without the permission to write it, the build cannot begin, as on AWS. */
export function createLog({ context, needs }: CodeBuildSurroundings, build: Build): BuildLog {
  const { groupName = '', streamName = '' } = build.logs ?? {};
  let hidden: string[] = [];
  const write = (line: string) => {
    const shown = hidden.reduce((text, secret) => text.replaceAll(secret, '***'), line);
    // CloudWatch Logs takes no empty event.
    needs.logs.write(groupName, streamName, shown === '' ? ' ' : shown);
  };
  return {
    output: write,
    agent(line) {
      const time = new Date(context.clock.now())
        .toISOString()
        .replace(/-/g, '/')
        .replace('T', ' ')
        .replace('Z', '000');
      write(`[Container] ${time} ${line}`);
    },
    hide(secrets) {
      hidden = [...hidden, ...secrets];
    },
  };
}
