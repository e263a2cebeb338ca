import type { AuthorizationRequest, SandboxContext } from '#sandbox/core/service.ts';

/** API Gateway's actions are HTTP verbs, on paths of its own API ("Actions … for Amazon API Gateway Management V2"). */
const VERBS: [prefix: string, verb: string][] = [
  ['Create', 'POST'],
  ['Get', 'GET'],
  ['Update', 'PATCH'],
  ['Delete', 'DELETE'],
];

export function authorizeApiGateway({ region }: SandboxContext) {
  return (operation: string, input: Record<string, unknown>): AuthorizationRequest[] | undefined => {
    const [prefix, verb] = VERBS.find(([start]) => operation.startsWith(start)) ?? [];
    if (prefix === undefined) return undefined;
    const kind = `${operation.slice(prefix.length).replace(/s$/, '')}s`.toLowerCase();
    const api = typeof input.ApiId === 'string' ? `/${input.ApiId}` : '';
    const path = kind === 'apis' ? `/apis${api}` : `/apis${api}/${kind}`;
    return [{ action: `apigateway:${verb}`, resources: [`arn:aws:apigateway:${region}::${path}`] }];
  };
}
