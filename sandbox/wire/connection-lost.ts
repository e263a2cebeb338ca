/**
 * Thrown by `disturb` in place of an answer: the connection breaks, so that the caller never learns what became of
 * its call. Named as the SDK's own transport names a reset connection.
 */
export class ConnectionLost extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ECONNRESET';

  constructor() {
    super('socket hang up');
  }
}
