import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  type CodeBuildClientConfig,
  ListBuildsCommand,
} from '@aws-sdk/client-codebuild';
import { buildSteps } from './build-steps.ts';
import type { Screen, Section } from './screen.ts';

/** Looks at all builds of an account; each look shows what has changed and answers the builds that have ended since. */
export function createBuildWatch(client: CodeBuildClientConfig, screen: Screen) {
  const codebuild = new CodeBuildClient(client);
  const open = new Map<string, Section | undefined>();
  const seen = new Set<string>();

  return {
    async look(): Promise<Build[]> {
      // The newest hundred: more than begin between two looks.
      const { ids = [] } = await codebuild.send(new ListBuildsCommand({ sortOrder: 'DESCENDING' }));
      for (const id of ids.toReversed().filter((each) => !seen.has(each))) {
        seen.add(id);
        open.set(id, undefined);
      }
      if (open.size === 0) return [];
      const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: [...open.keys()] }));
      for (const build of builds) show(build);
      const ended = builds.filter(({ buildComplete }) => buildComplete);
      for (const { id = '' } of ended) open.delete(id);
      return ended;
    },
  };

  function show(build: Build): void {
    const { id = '', buildComplete } = build;
    const section = open.get(id) ?? screen.section(titleOf(build));
    open.set(id, section);
    section.show(buildSteps(build));
    if (buildComplete) section.close();
  }
}

function titleOf({ buildNumber, projectName, sourceVersion = 'the default branch' }: Build): string {
  const source = sourceVersion.replace(/^([0-9a-f]{7})[0-9a-f]{33}$/, '$1');
  return `Build ${buildNumber} of ${projectName}, ${source}`;
}
