/** Begins with a letter, a digit or _, so that it is neither hidden nor an option, and has no two dots in a row. */
export const REPOSITORY_NAME = /^\w(?:[\w-]|\.(?!\.))*$/;

/** What a request wants of a repository: the protocol's own three addresses, or to report a push, as its hook does. */
export interface GitPath {
  repository: string;
  asked: 'info/refs' | 'git-upload-pack' | 'git-receive-pack' | 'received';
}

const ADDRESSES = [
  /^\/git\/(?<repository>[\w.-]+?)(?:\.git)?\/(?<asked>info\/refs|git-upload-pack|git-receive-pack)$/,
  /^\/_git\/(?<asked>received)\/(?<repository>[\w.-]+)$/,
];

/** Whether the path is the code host's to answer, or to refuse. */
export const isGitPath = (path: string) => /^\/_?git(?:\/|$)/.test(path);

/**
 * Reads the path of a request, as it was sent. Undefined for all but the addresses of git's smart protocol, letter by
 * letter: with `..`, an encoded dot or slash, or an empty segment it is another address, which nobody here has.
 */
export function readGitPath(path: string): GitPath | undefined {
  const found = ADDRESSES.map((address) => address.exec(path)?.groups).find(Boolean);
  return found !== undefined && REPOSITORY_NAME.test(found.repository ?? '')
    ? (found as unknown as GitPath)
    : undefined;
}
