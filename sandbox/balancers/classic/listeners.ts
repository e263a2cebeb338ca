import type { Listener as ListenerShape } from '@aws-sdk/client-elastic-load-balancing';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import { openListener } from '../engine/listener.ts';
import type { BalancersContext } from '../options.ts';
import type { ClassicBalancer } from './state.ts';

/** Binds the ports of these listeners; none stays bound when one of them cannot be. */
export async function openListeners(
  balancer: ClassicBalancer,
  shapes: ListenerShape[],
  context: BalancersContext,
): Promise<void> {
  const added: number[] = [];
  try {
    for (const shape of shapes) {
      if (await openOne(balancer, normalized(shape), context)) added.push(Number(shape.LoadBalancerPort));
    }
  } catch (error) {
    await Promise.all(added.map((port) => closeListener(balancer, port)));
    throw error;
  }
}

async function openOne(balancer: ClassicBalancer, shape: ListenerShape, context: BalancersContext) {
  const port = shape.LoadBalancerPort ?? 0;
  const known = balancer.listeners.get(port);
  if (known && JSON.stringify(known.shape) === JSON.stringify(shape)) return false;
  if (known) {
    throw new AwsError(
      'DuplicateListener',
      `A listener already exists for ${balancer.name} with LoadBalancerPort ${port}, but with a different InstancePort, Protocol, or SSLCertificateId`,
    );
  }
  const open = await openListener({
    ...context,
    generation: 'classic',
    protocol: shape.Protocol === 'TCP' ? 'TCP' : 'HTTP',
    listenerPort: port,
    instancePort: shape.InstancePort ?? 0,
    idleTimeoutSeconds: () => balancer.idleTimeoutSeconds,
    route: () => ({ kind: 'forward', pool: balancer.pool }),
  });
  balancer.listeners.set(port, { shape, open });
  return true;
}

export async function closeListener(balancer: ClassicBalancer, port: number): Promise<void> {
  const listener = balancer.listeners.get(port);
  balancer.listeners.delete(port);
  await listener?.open.close();
}

function normalized(shape: ListenerShape): ListenerShape {
  const protocol = shape.Protocol?.toUpperCase();
  if (protocol === 'HTTPS' || protocol === 'SSL') throw notSupported(`${protocol} listeners`);
  if (protocol !== 'HTTP' && protocol !== 'TCP') {
    throw new AwsError('UnsupportedProtocol', `Listener protocol '${shape.Protocol}' is not supported`);
  }
  // CloudFormation's templates write ports as text.
  const [LoadBalancerPort, InstancePort] = [Number(shape.LoadBalancerPort), Number(shape.InstancePort)];
  for (const port of [LoadBalancerPort, InstancePort]) {
    if (!(port >= 1 && port <= 65535))
      throw new AwsError('ValidationError', 'Port must be between 1 and 65535');
  }
  return {
    Protocol: protocol,
    LoadBalancerPort,
    InstanceProtocol: shape.InstanceProtocol?.toUpperCase() ?? protocol,
    InstancePort,
  };
}
