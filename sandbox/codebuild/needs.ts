import type { ServiceCalls } from '#sandbox/core/calls.ts';
import type { AuthorizationRequest, SandboxContext } from '#sandbox/core/service.ts';
import type { Watchdog } from '#sandbox/core/watchdog.ts';

/** What CodeBuild needs of the other parts of the sandbox. */
export interface CodeBuildNeeds {
  iam: {
    issueCredentials(
      roleArn: string,
      sessionName: string,
    ): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
    authorizeRole(roleArn: string, requests: AuthorizationRequest[], principal?: string): void;
  };
  logs: { write(logGroupName: string, logStreamName: string, message: string): void };
  /** S3 for artifacts, SSM and Secrets Manager for the variables that come from there. */
  calls: Pick<ServiceCalls, 'call'>;
  /** Where the repository of a source location lies on this machine. */
  git: { locate(location: string): string | undefined };
}

export interface CodeBuildOptions {
  /** How many builds run at once; the others are QUEUED. They share this machine's cores. */
  concurrentBuilds?: number;
  /** How long PROVISIONING takes. On AWS some 10 to 40 seconds; here nothing has to be provisioned. */
  provisioningMs?: number;
}

export interface CodeBuildSurroundings {
  context: SandboxContext;
  needs: CodeBuildNeeds;
  options: Required<CodeBuildOptions>;
  /** Ends what a build has started, also where this process is killed. */
  watchdog: Watchdog;
}
