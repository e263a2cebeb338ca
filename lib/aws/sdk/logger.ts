import { Logger } from '@aws-lambda-powertools/logger';
import type { Warn } from './warn.ts';

/** One logger a function; JSON lines with the service and deployment as keys, so that one query shows a whole deployment. */
export const logger = new Logger({ serviceName: 'landfall' });

export const warn: Warn = (message, error) => logger.warn(message, error);
