/** Where traffic to a port of a host of this sandbox really goes. */
export interface Endpoint {
  host: '127.0.0.1';
  port: number;
}

/**
 * The sandbox's stand-in for the VPC: tasks are processes that share this machine's loopback, so a host port
 * of an instance ("i-0abc", 80) or a port of a task's own address ("10.0.1.7", 8080) is bound here to the real
 * port its process listens on. Load balancers look up their targets here.
 */
export interface HostNetwork {
  bind(host: string, port: number, realPort: number): void;
  release(host: string, port: number): void;
  resolve(host: string, port: number): Endpoint | undefined;
}

export function createHostNetwork(): HostNetwork {
  const bindings = new Map<string, number>();
  return {
    bind(host, port, realPort) {
      bindings.set(`${host}:${port}`, realPort);
    },
    release(host, port) {
      bindings.delete(`${host}:${port}`);
    },
    resolve(host, port) {
      const realPort = bindings.get(`${host}:${port}`);
      return realPort === undefined ? undefined : { host: '127.0.0.1', port: realPort };
    },
  };
}
