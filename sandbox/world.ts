import type { ServiceCalls } from './core/calls.ts';
import { freePort } from './core/ports.ts';

/**
 * What the book's chapter sets up by hand before anything is deployed: a cluster of two t2.medium instances, a
 * classic load balancer, the role that ECS uses it with, and a PostgreSQL instance. Landfall deploys into it.
 */
export interface World {
  cluster: string;
  loadBalancer: { name: string; url: string };
  /** As the application's tasks are given it: DATABASE_URL. */
  databaseUrl: string;
}

export interface WorldNeeds {
  services: ServiceCalls;
  /** Registers a container instance, as an EC2 instance's agent does. */
  addInstance(cluster: string, instance: { cpu: number; memory: number; dockerLogGroup: string }): unknown;
  /** Resolves when a database instance takes connections. */
  available(identifier: string): Promise<{ host: string; port: number }>;
}

/**
 * A t2.medium: 2 vCPU are 2,048 CPU units; of its 4 GiB ECS sees 3,955 MiB. The chapter's task definition has no log
 * configuration, so the instances' Docker daemon sends the containers' output to CloudWatch.
 */
export const INSTANCE = { cpu: 2048, memory: 3955, dockerLogGroup: '/ecs/ecs-cluster' };

/** The chapter's own names; the password guards an in-memory database on this machine's loopback and nothing else. */
const DATABASE = {
  identifier: 'webapp-postgres',
  name: 'webapp_production',
  user: 'webapp',
  password: 'mysecretpassword',
};

export async function createWorld({ services, addInstance, available }: WorldNeeds): Promise<World> {
  const cluster = 'ecs-cluster';
  await services.call('ecs', 'CreateCluster', { clusterName: cluster });
  addInstance(cluster, INSTANCE);
  addInstance(cluster, INSTANCE);

  await services.call('iam', 'CreateRole', {
    RoleName: 'ecsServiceRole',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  });
  const loadBalancer = await createLoadBalancer(services);
  await services.call('rds', 'CreateDBInstance', {
    DBInstanceIdentifier: DATABASE.identifier,
    DBInstanceClass: 'db.t2.medium',
    Engine: 'postgres',
    AllocatedStorage: 20,
    DBName: DATABASE.name,
    MasterUsername: DATABASE.user,
    MasterUserPassword: DATABASE.password,
  });
  const { host, port } = await available(DATABASE.identifier);
  const databaseUrl = `postgres://${DATABASE.user}:${DATABASE.password}@${host}:${port}/${DATABASE.name}`;
  return { cluster, loadBalancer, databaseUrl };
}

/**
 * The chapter's load balancer listens on port 80, which needs rights that a developer's process lacks: here it is any
 * free port. Its health check is as quick as the sandbox allows.
 */
async function createLoadBalancer(services: ServiceCalls): Promise<World['loadBalancer']> {
  const name = 'webapp-load-balancer';
  const port = await freePort();
  const { DNSName } = await services.call('elasticloadbalancing', 'CreateLoadBalancer', {
    LoadBalancerName: name,
    Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: port, InstanceProtocol: 'HTTP', InstancePort: 80 }],
    AvailabilityZones: ['us-east-1a', 'us-east-1c'],
  });
  await services.call('elasticloadbalancing', 'ConfigureHealthCheck', {
    LoadBalancerName: name,
    HealthCheck: { Target: 'HTTP:80/', Interval: 1, Timeout: 1, UnhealthyThreshold: 3, HealthyThreshold: 2 },
  });
  return { name, url: `http://${DNSName}:${port}` };
}
