import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { request } from '@octokit/request';
import { clientOf } from '#lib/aws/sdk/clients.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { githubReportOf } from '#lib/deployment/notify/github-report.ts';
import type { Notification } from '#lib/deployment/notify/notification.ts';

export interface GitHub {
  /** The commit's status, and a deployment of it to the environment STAGE/SERVICE. */
  send(notification: Notification): Promise<void>;
}

/** Each request may take so long; GitHub answers in well under one second. */
const TIMEOUT = 5_000;

/** The token is read from Secrets Manager each time and kept nowhere: deployments end seldom, tokens are rotated. */
async function fetchSecret(SecretId: string): Promise<string> {
  const { SecretString } = await clientOf(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId }));
  if (SecretString === undefined) throw new Error(`the secret ${SecretId} holds no text`);
  return SecretString.trim();
}

export function createGitHub(
  stage = () => requireEnvironment('STAGE'),
  readSecret = fetchSecret,
  baseUrl = 'https://api.github.com',
): GitHub {
  const createAsk = (token: string) =>
    request.defaults({
      baseUrl,
      headers: {
        authorization: `Bearer ${token}`,
        'user-agent': 'landfall',
        'x-github-api-version': '2022-11-28',
      },
      request: {
        fetch: (url: string, options: RequestInit) =>
          fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT) }),
      },
    });
  type Ask = ReturnType<typeof createAsk>;

  /**
   * GitHub's own number of the deployment. Landfall reports to it at the beginning, at the end, and again after a
   * redrive.
   */
  async function deploymentOf(
    ask: Ask,
    repository: Repository,
    { deployment, commit: ref = '' }: Notification,
    target: string,
  ): Promise<number> {
    const { data: known } = await ask('GET /repos/{owner}/{repo}/deployments', {
      ...repository,
      sha: ref,
      environment: target,
      per_page: 100,
    });
    const same = known.find(({ description }) => description === deployment);
    if (same !== undefined) return Number(same.id);
    const { data } = await ask('POST /repos/{owner}/{repo}/deployments', {
      ...repository,
      ref,
      environment: target,
      description: deployment,
      // The deployment happens anyway: GitHub must merge nothing and wait for nothing.
      auto_merge: false,
      required_contexts: [],
    });
    if ('id' in data) return Number(data.id);
    throw new Error(`GitHub made no deployment of ${ref}: ${data.message}`);
  }

  async function reportDeployment(
    ask: Ask,
    repository: Repository,
    notification: Notification,
    report: ReturnType<typeof githubReportOf>['ofDeployment'],
  ): Promise<void> {
    await ask('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      ...repository,
      deployment_id: await deploymentOf(ask, repository, notification, report.environment),
      ...report,
    });
  }

  return {
    async send(notification) {
      const { github, commit, status } = notification;
      if (github === undefined || commit === undefined) return;
      const ask = createAsk(await readSecret(github.tokenSecret));
      const repository = repositoryOf(github.repository);
      const { ofCommit, ofDeployment } = githubReportOf(notification, stage());
      const results = await Promise.allSettled([
        ask('POST /repos/{owner}/{repo}/statuses/{sha}', { ...repository, sha: commit, ...ofCommit }),
        // What was not built was not deployed.
        status === 'BUILD_FAILED' ? undefined : reportDeployment(ask, repository, notification, ofDeployment),
      ]);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

interface Repository {
  owner: string;
  repo: string;
}

function repositoryOf(name: string): Repository {
  const [owner = '', repo = ''] = name.split('/');
  return { owner, repo };
}
