import type { Build, StartBuildInput } from '@aws-sdk/client-codebuild';
import * as sdk from '@aws-sdk/client-codebuild';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { createWatchdog } from '#sandbox/core/watchdog.ts';
import { repositoryName } from '#sandbox/git/git.ts';
import { NO_COMMIT, type Push } from '#sandbox/git/push.ts';
import { authorize } from './authorize.ts';
import { stopped } from './build/phase-error.ts';
import type { CodeBuildNeeds, CodeBuildOptions } from './needs.ts';
import { batchGetBuilds, listBuilds, listBuildsForProject, stopBuild } from './operations/builds.ts';
import { createProject, updateProject } from './operations/create-project.ts';
import { batchGetProjects, deleteProject, listProjects } from './operations/projects.ts';
import { startBuild } from './operations/start-build.ts';
import { createWebhook, deleteWebhook, updateWebhook } from './operations/webhooks.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { newBuild } from './start-build.ts';
import { type BuildEntry, type CodeBuildState, findProject, type WebhookTrigger } from './state.ts';
import { passes } from './webhook-filters.ts';

export interface CodeBuild {
  definition: ServiceDefinition;
  /** What a code host's webhook call is: starts the builds of the projects whose filters let the push pass. */
  onPush(push: Push): void;
  /** Stops every build and waits until its processes have ended. */
  close(): Promise<void>;
}

/** CodeBuild: runs the real commands of a project's buildspec on a real checkout, on this machine. */
export function createCodeBuild(
  context: SandboxContext,
  needs: CodeBuildNeeds,
  options: CodeBuildOptions = {},
): CodeBuild {
  const watchdog = createWatchdog();
  const scheduler = createScheduler({
    context,
    needs,
    watchdog,
    options: { concurrentBuilds: 2, provisioningMs: 0, ...options },
  });
  const state = createState(context, scheduler);
  return {
    definition: {
      signingName: 'codebuild',
      sdk,
      operations: {
        CreateProject: createProject(state),
        UpdateProject: updateProject(state),
        DeleteProject: deleteProject(state),
        BatchGetProjects: batchGetProjects(state),
        ListProjects: listProjects(state),
        StartBuild: startBuild(state),
        StopBuild: stopBuild(state),
        BatchGetBuilds: batchGetBuilds(state),
        ListBuilds: listBuilds(state),
        ListBuildsForProject: listBuildsForProject(state),
        CreateWebhook: createWebhook(state),
        UpdateWebhook: updateWebhook(state),
        DeleteWebhook: deleteWebhook(state),
      },
      authorize: (operation, input) => authorize(context, operation, input),
    },
    onPush: (push) => startWebhookBuilds(state, push),
    async close() {
      for (const { build, abort } of state.builds.values()) {
        if (!build.buildComplete) abort.abort(stopped());
      }
      await scheduler.idle();
      await watchdog.close();
    },
  };
}

function createState(context: SandboxContext, scheduler: Scheduler): CodeBuildState {
  const projects: CodeBuildState['projects'] = new Map();
  const builds: CodeBuildState['builds'] = new Map();
  const buildNumbers: CodeBuildState['buildNumbers'] = new Map();

  function start(input: StartBuildInput, initiator: string, webhook?: WebhookTrigger): Build {
    const project = findProject({ context, projects }, input.projectName);
    const name = project.name ?? '';
    checkLimit(name, project.concurrentBuildLimit, builds);
    const number = (buildNumbers.get(name) ?? 0) + 1;
    buildNumbers.set(name, number);
    const build = newBuild(context, project, input, initiator, number);
    const artifacts = { ...project.artifacts, ...input.artifactsOverride } as BuildEntry['artifacts'];
    const entry = { build, artifacts, abort: new AbortController() };
    builds.set(build.id ?? '', entry);
    scheduler.submit(entry, webhook);
    return build;
  }

  const project: CodeBuildState['project'] = (name) => findProject({ context, projects }, name);
  return { context, projects, builds, buildNumbers, tokens: new Map(), project, start };
}

/** concurrentBuildLimit: "If the current build count meets this limit, new builds are throttled and are not run." */
function checkLimit(name: string, limit: number | undefined, builds: CodeBuildState['builds']): void {
  if (limit === undefined) return;
  const open = [...builds.values()].filter(({ build }) => build.projectName === name && !build.buildComplete);
  if (open.length < limit) return;
  throw new AwsError(
    'AccountLimitExceededException',
    `Cannot have more than ${limit} active builds for the project ${name}`,
  );
}

function startWebhookBuilds(state: CodeBuildState, push: Push): void {
  if (push.after === NO_COMMIT) return;
  for (const project of state.projects.values()) {
    const { webhook, source, name } = project;
    if (!webhook || repositoryName(source?.location ?? '') !== push.repository || !passes(webhook, push))
      continue;
    const trigger = { headRef: push.ref, actor: push.actor, previousCommit: push.before };
    try {
      state.start(
        { projectName: name, sourceVersion: push.after },
        `GitHub-Hookshot/${push.after.slice(0, 7)}`,
        trigger,
      );
    } catch (error) {
      // There is nobody to tell: the code host's call has been answered, the build is not run.
      state.context.debug(`codebuild: no build for the push to ${push.ref}: ${error}`);
    }
  }
}
