import { notModified, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './store.ts';

interface Conditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

/** Conditional writes: `If-None-Match: *` asks that the key is free, `If-Match` that it holds this ETag. */
export function checkWriteConditions(current: ObjectVersion | undefined, conditions: Conditions): void {
  const { IfMatch, IfNoneMatch } = conditions;
  if (IfNoneMatch !== undefined && current && matches(current, IfNoneMatch))
    throw preconditionFailed('If-None-Match');
  if (IfMatch !== undefined && !(current && matches(current, IfMatch))) throw preconditionFailed('If-Match');
}

/** Conditional reads, in the order of RFC 9110: an ETag condition outweighs the date beside it. */
export function checkReadConditions(version: ObjectVersion, conditions: Conditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!matches(version, IfMatch)) throw preconditionFailed('If-Match');
  } else if (IfUnmodifiedSince && seconds(version.lastModified) > seconds(IfUnmodifiedSince)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (IfNoneMatch !== undefined) {
    if (matches(version, IfNoneMatch)) throw notModified();
  } else if (IfModifiedSince && seconds(version.lastModified) <= seconds(IfModifiedSince))
    throw notModified();
}

function matches(version: ObjectVersion, etags: string): boolean {
  return etags
    .split(',')
    .map((etag) => etag.trim().replaceAll('"', ''))
    .some((etag) => etag === '*' || etag === version.etag.replaceAll('"', ''));
}

/** HTTP dates have no fractions. */
const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
