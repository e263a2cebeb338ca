import { packageApplication } from '#sandbox/packaging/package.ts';

/** Jest's global setup: the tests run the very bundles and the template that would go to AWS. */
export default async function packageOnce(): Promise<void> {
  await packageApplication(process.cwd());
}
