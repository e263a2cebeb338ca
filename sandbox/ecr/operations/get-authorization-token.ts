import type { GetAuthorizationTokenRequest, GetAuthorizationTokenResponse } from '@aws-sdk/client-ecr';
import { issuePassword, TOKEN_LIFETIME_MS } from '../authorization-token.ts';
import type { Registry } from '../registry.ts';

export function getAuthorizationToken(registry: Registry) {
  return (_input: GetAuthorizationTokenRequest): GetAuthorizationTokenResponse => {
    const { clock, directory } = registry.context;
    const expiresAt = clock.now() + TOKEN_LIFETIME_MS;
    const password = issuePassword(directory, registry.host, expiresAt);
    return {
      authorizationData: [
        {
          authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
          expiresAt: new Date(expiresAt),
          proxyEndpoint: `https://${registry.host}`,
        },
      ],
    };
  };
}
