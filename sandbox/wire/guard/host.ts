/** Four decimal numbers that begin with 127: 127.0.0.0/8. `127.0.0.1.attacker.example` is none. */
const LOOPBACK_ADDRESS = /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const LOCALHOST = /^(?:[a-z0-9_-]+\.)*localhost$/;

const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

/** The name or address of a Host header, in lower case and without its port; undefined where it has not that form. */
export function hostName(host: string): string | undefined {
  const [, name] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/.exec(host.toLowerCase()) ?? [];
  return name;
}

/**
 * Whether a name can mean nothing but this machine: 127.0.0.0/8, ::1, localhost, and what ends in .localhost, as the
 * hosts of HTTP APIs and buckets do. Any other name means what its owner's DNS says, this machine too if it likes.
 */
export function isLoopback(name: string): boolean {
  return name === '[::1]' || LOOPBACK_ADDRESS.test(name) || LOCALHOST.test(name);
}

/** Reads a name that the sandbox is to answer to beside the loopback's. Undefined where it is none, or has a port. */
export function readAllowedHost(text: string): string | undefined {
  const name = text.toLowerCase();
  return name.length <= 253 && NAME.test(name) ? name : undefined;
}
