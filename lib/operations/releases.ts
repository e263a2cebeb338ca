import { createBuilds } from '#lib/aws/builds.ts';
import { type BundleLocation, createBundles } from '#lib/aws/bundles.ts';
import { createDeployments, type Position } from '#lib/aws/table/deployments.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { parseReleaseFile, type ReleaseFile } from '#lib/deployment/release/release.ts';

const deployments = createDeployments();
const builds = createBuilds();
const bundles = createBundles();

/**
 * What was built of a commit, which may be shortened: by the records of earlier deployments, else by CodeBuild's.
 * Fails with NotBuilt, and with InvalidRequest where several commits begin so.
 */
export async function findRelease(
  service: string,
  project: string,
  commit: string,
): Promise<{ bundle: BundleLocation; file: ReleaseFile }> {
  const records = await findRecorded(service, commit);
  const found = records.length > 0 ? records : await findBuilt(project, commit);
  const commits = [...new Set(found.map((each) => each.commit))];
  if (commits.length > 1)
    throw new DeploymentError('InvalidRequest', `${commit} may be ${commits.join(' or ')}`);
  const [newest] = found;
  if (newest === undefined)
    throw new DeploymentError('NotBuilt', `CodeBuild has made no release of ${service} from ${commit}`);
  const text = await bundles.read(newest.bundle, 'release.json');
  return { bundle: newest.bundle, file: parseReleaseFile(text, `release.json of ${newest.commit}`) };
}

interface BuiltCommit {
  commit: string;
  bundle: BundleLocation;
}

/** Pages of a hundred records that a search for a commit goes through. */
const MOST_PAGES = 5;

async function findRecorded(service: string, commit: string): Promise<BuiltCommit[]> {
  const found: BuiltCommit[] = [];
  let after: Position | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { records, next } = await deployments.list(service, 100, after);
    for (const { commit: built, bundle } of records) {
      if (built?.startsWith(commit) && bundle !== undefined) found.push({ commit: built, bundle });
    }
    after = next;
    if (after === undefined) break;
  }
  return found;
}

/** Also those that no deployment has been recorded of: displaced before they began, or long ago. */
async function findBuilt(project: string, commit: string): Promise<BuiltCommit[]> {
  const observed = await builds.ofCommit(project, commit);
  return observed.flatMap(({ commit, artifacts: bundle }) =>
    commit === undefined || bundle === undefined ? [] : [{ commit, bundle }],
  );
}
