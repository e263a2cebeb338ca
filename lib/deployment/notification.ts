import { correlationIdOf } from './correlation.ts';
import { errors, isErrorName } from './errors.ts';
import type { ServiceSettings } from './settings.ts';

/** How a deployment, or a build that should have become one, ended. */
export interface Notification {
  service: string;
  deployment: string;
  status: 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT' | 'BUILD_FAILED';
  commit?: string | undefined;
  /** CodeBuild's id of the build that started it, or that failed. */
  build?: string | undefined;
  error?: string | undefined;
  /** For people: what happened, what runs now. */
  text: string;
  /** Where the commit is, if GitHub is to be told. */
  github?: ServiceSettings['github'];
}

/** The detail of the event on EventBridge: docs/events/deployment-state-change.schema.json. */
export const detailOf = ({ service, deployment, build, status, commit, error, text }: Notification) => ({
  service,
  deployment,
  correlationId: correlationIdOf({ deployment, build }),
  status,
  ...(commit === undefined ? {} : { commit }),
  ...(error === undefined ? {} : { error }),
  message: text,
});

/** SNS: a subject has at most 100 characters and no line breaks. */
export const subjectOf = ({ service, status, error }: Notification) =>
  `${service}: ${status} ${error ?? ''}`.trim().slice(0, 100);

/** What a subscription's filter policy can choose by, and what leads from the message to the log lines. */
export const attributesOf = ({ service, deployment, build, status }: Notification) =>
  Object.fromEntries(
    Object.entries({
      service,
      deployment,
      status,
      correlationId: correlationIdOf({ deployment, build }),
    }).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );

const TITLES: Record<Notification['status'], string> = {
  SUCCEEDED: 'is live',
  FAILED: 'was not deployed',
  ABORTED: 'was stopped',
  TIMED_OUT: 'ran into its timeout',
  BUILD_FAILED: 'was not built',
};

/**
 * The same for a chat: the schema of custom notifications of Amazon Q Developer in chat applications (AWS Chatbot's
 * new name), which drops any message on its topics that is of another form. The messages of one deployment, which may
 * fail and be re-driven, are one thread.
 */
export function chatMessage(notification: Notification): object {
  const { service, deployment, status, commit, error, text } = notification;
  const title = `${service} ${TITLES[status]}${error === undefined ? '' : `: ${error}`}`;
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: title.slice(0, 250),
      description: text.slice(0, 4_000),
      nextSteps: nextSteps(notification),
      keywords: [service, status, ...(commit === undefined ? [] : [commit.slice(0, 12)])],
    },
    metadata: {
      threadId: deployment,
      summary: title.slice(0, 250),
      eventType: 'Landfall Deployment State Change',
      additionalContext: { correlationId: correlationIdOf(notification) },
    },
  };
}

function nextSteps({ service, deployment, status, error }: Notification): string[] {
  if (status === 'SUCCEEDED') return [];
  const remedy = error !== undefined && isErrorName(error) ? [capital(errors[error].remedy)] : [];
  return status === 'BUILD_FAILED' ? remedy : [...remedy, `\`landfall redrive ${service} ${deployment}\``];
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What GitHub is told of a commit: the state of its status and of its deployment, and a line about it. */
export function githubReport({ service, status, error }: Notification) {
  const failed = status === 'FAILED' || status === 'BUILD_FAILED';
  return {
    state: status === 'SUCCEEDED' ? 'success' : failed ? 'failure' : 'error',
    context: `landfall/${service}`,
    // GitHub takes at most 140 characters.
    description: `${service} ${TITLES[status]}${error === undefined ? '' : `: ${error}`}`.slice(0, 140),
  };
}
