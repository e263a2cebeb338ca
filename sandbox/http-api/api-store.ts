import type { AccessLogSettings, AuthorizationType, RouteSettings } from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { RoutePattern } from './requests/routing.ts';

export interface Integration {
  integrationId: string;
  /** The function's ARN. */
  integrationUri: string;
  timeoutInMillis: number;
  description?: string;
}

export interface Route extends RoutePattern {
  routeId: string;
  /** Of the integration. */
  target?: string;
  authorizationType: AuthorizationType;
  operationName?: string;
}

export interface Stage {
  stageName: string;
  autoDeploy: boolean;
  createdAt: number;
  deploymentId?: string;
  defaultRouteSettings: RouteSettings;
  routeSettings: Record<string, RouteSettings>;
  stageVariables: Record<string, string>;
  accessLogSettings?: AccessLogSettings;
}

export interface Api {
  apiId: string;
  name: string;
  description?: string;
  createdAt: number;
  routes: Map<string, Route>;
  integrations: Map<string, Integration>;
  stages: Map<string, Stage>;
  deployments: Map<string, { deploymentId: string; createdAt: number; description?: string }>;
}

/** The HTTP APIs of this account. */
export class ApiStore {
  readonly apis = new Map<string, Api>();
  readonly #context: SandboxContext;

  constructor(context: SandboxContext) {
    this.#context = context;
  }

  /** Ten lower-case characters for an API, seven for its parts, as API Gateway has them. */
  newId(length: number): string {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const character = () => alphabet[Math.floor(this.#context.random.next() * alphabet.length)];
    return Array.from({ length }, character).join('');
  }

  get(apiId = ''): Api {
    const api = this.apis.get(apiId);
    if (api === undefined)
      throw notFound(`Invalid API identifier specified ${this.#context.accountId}:${apiId}`);
    return api;
  }
}

export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message, { httpStatus: 404 });
}

export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
