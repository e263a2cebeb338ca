/**
 * Takes the place of the SDK's credential provider chain in the bundles (esbuild.config.cjs): a Lambda function's
 * credentials are in its environment, and the chain's other links (files, SSO, metadata services) are a fifth of
 * what has to be loaded at a cold start.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
    throw new Error('This function has no credentials in its environment: it runs outside Lambda');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
};
