import { Logger } from '@aws-lambda-powertools/logger';

/** One logger a function; JSON lines with the service and deployment as keys, so that one query shows a whole deployment. */
export const logger = new Logger({ serviceName: 'landfall' });
