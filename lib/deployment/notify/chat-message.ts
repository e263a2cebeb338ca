import { correlationIdOf } from '#lib/deployment/correlation.ts';
import { errors, isErrorName } from '#lib/deployment/errors.ts';
import { linkOf, type Notification, titleOf } from './notification.ts';

/**
 * A notification for a chat: the schema of custom notifications of Amazon Q Developer in chat applications (AWS
 * Chatbot's new name), which drops any message on its topics that is of another form. The messages of one deployment,
 * which may fail and be re-driven, are one thread.
 */
export function chatMessageOf(notification: Notification): object {
  const { service, deployment, status, commit, text } = notification;
  const title = titleOf(notification).slice(0, 250);
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title,
      description: quote(text.slice(0, 4_000)),
      nextSteps: nextStepsOf(notification),
      keywords: [service, status, ...(commit === undefined ? [] : [commit.slice(0, 12)])],
    },
    metadata: {
      threadId: deployment,
      summary: title,
      eventType: 'Landfall Deployment State Change',
      // What a custom action's button may take over: `landfall redrive`, say.
      additionalContext: { service, deployment, status, correlationId: correlationIdOf(notification) },
    },
  };
}

/** A chat would take the log of a container for formatting, and `<!here>` in it for a summons. */
const quote = (text: string) => `\`\`\`\n${text.replaceAll('```', "'''").replaceAll('<!', '< !')}\n\`\`\``;

function nextStepsOf(notification: Notification): string[] {
  const { deployment, status, error } = notification;
  if (status === 'SUCCEEDED' || status === 'SUPERSEDED') return [];
  const remedy = error !== undefined && isErrorName(error) ? [capitalize(errors[error].remedy)] : [];
  const redrive = status === 'BUILD_FAILED' ? [] : [`\`landfall redrive ${deployment}\``];
  const link = linkOf(notification);
  // Slack and Teams write links differently, and both make one of an address.
  const look = link === undefined ? [] : [`Look at it: ${link}`];
  return [...remedy, ...redrive, ...look];
}

const capitalize = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
