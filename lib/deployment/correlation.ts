/** What a deployment is known by, or a build that none has come of yet. */
export type Known =
  | { deployment: string; build?: string | undefined }
  | { deployment?: undefined; build: string };

/**
 * The one id that a deployment is followed by from its commit to its log lines: CodeBuild's id (`project:uuid`) of the
 * build that started it, which the build knows from its first line on; else, where somebody asked for an image, a
 * commit that has been built before or a rollback, the deployment's own name. Nothing has to carry it along: it follows
 * from what document and record hold anyway, and stays what it was when the deployment is re-driven.
 */
export function correlationIdOf(known: Known): string {
  return known.deployment === undefined ? known.build : (known.build ?? known.deployment);
}
