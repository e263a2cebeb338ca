import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';

/** aws ecr get-login-password: the password part of the authorization token, alone on a line. */
export async function getLoginPassword(): Promise<string> {
  const { authorizationData } = await new ECRClient({}).send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString('utf8');
  return `${token.replace(/^AWS:/, '')}\n`;
}
