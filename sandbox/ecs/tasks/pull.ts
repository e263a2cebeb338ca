import type { Image } from '#sandbox/containers/image.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Ecs, TaskRecord } from '../state.ts';

/** Pulls the image of every container, and notes its digest. Throws CannotPullContainerError in ECS's words. */
export function pullImages(ecs: Ecs, record: TaskRecord): Map<string, Image> {
  const images = new Map<string, Image>();
  for (const { container, definition } of record.containers) {
    try {
      const image = ecs.needs.images.pull(definition.image ?? '');
      container.imageDigest = image.digest;
      images.set(definition.name ?? '', image);
    } catch (error) {
      const message = (error as Error).message;
      const reason = /^CannotPull\w*Error: /.test(message) ? message : `CannotPullContainerError: ${message}`;
      container.reason = reason;
      throw new AwsError('CannotPullContainerError', reason);
    }
  }
  return images;
}
