import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { githubReport, type Notification } from '#lib/deployment/notification.ts';
import { client } from './clients.ts';

export interface GitHub {
  /** The commit's status, and a deployment of it to the environment that is named like the service. */
  tell(notification: Notification): Promise<void>;
}

/** Each of the three requests may take so long; GitHub answers in well under one second. */
const TIMEOUT = 5_000;

/** The token is read from Secrets Manager each time and kept nowhere: deployments end seldom, tokens are rotated. */
async function secret(SecretId: string): Promise<string> {
  const { SecretString } = await client(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId }));
  if (SecretString === undefined) throw new Error(`the secret ${SecretId} holds no text`);
  return SecretString.trim();
}

export function createGitHub(readSecret = secret, baseUrl = 'https://api.github.com'): GitHub {
  async function post(token: string, path: string, body: object): Promise<{ id?: number }> {
    const response = await fetch(`${baseUrl}${path}`, {
      method: 'POST',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'user-agent': 'landfall',
        'x-github-api-version': '2022-11-28',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.ok) return (await response.json()) as { id?: number };
    const text = (await response.text()).slice(0, 300);
    throw new Error(`GitHub answered ${response.status} to POST ${path}: ${text}`);
  }

  async function deploy(token: string, repository: string, notification: Notification): Promise<void> {
    const { state, description } = githubReport(notification);
    const { service: environment, deployment, commit: ref } = notification;
    const { id } = await post(token, `/repos/${repository}/deployments`, {
      ref,
      environment,
      description: deployment,
      // What is told here has happened already: nothing is to be merged or waited for.
      auto_merge: false,
      required_contexts: [],
    });
    await post(token, `/repos/${repository}/deployments/${id}/statuses`, { state, description, environment });
  }

  return {
    async tell(notification) {
      const { github, commit, status } = notification;
      if (github === undefined || commit === undefined) return;
      const token = await readSecret(github.tokenSecret);
      const { repository } = github;
      await Promise.all([
        post(token, `/repos/${repository}/statuses/${commit}`, githubReport(notification)),
        // What was not built was not deployed.
        status === 'BUILD_FAILED' ? undefined : deploy(token, repository, notification),
      ]);
    },
  };
}
