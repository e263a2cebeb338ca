import type { Image } from '#sandbox/containers/image.ts';
import type { HostNetwork } from '#sandbox/core/network.ts';
import type { AuthorizationRequest } from '#sandbox/core/service.ts';

/** What a load balancer sends to: an EC2 instance id or a task's own address, and a port there. */
export interface Target {
  id: string;
  port: number;
}

export type BalancerRef = { targetGroupArn: string } | { loadBalancerName: string };

export type TargetHealth = 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';

export interface Balancers {
  register(ref: BalancerRef, target: Target): void;
  /** Resolves when the target is drained. */
  deregister(ref: BalancerRef, target: Target): Promise<void>;
  health(ref: BalancerRef, target: Target): TargetHealth;
  exists(ref: BalancerRef): boolean;
}

export interface Images {
  /** Throws AwsError CannotPullContainerError. */
  pull(reference: string): Image;
}

export interface Logs {
  write(logGroupName: string, logStreamName: string, message: string, timestamp?: number): void;
}

export interface Secrets {
  resolve(valueFrom: string): string;
}

export interface Iam {
  issueCredentials(
    roleArn: string,
    sessionName: string,
  ): { accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Date };
  /** Throws AwsError AccessDeniedException. */
  authorizeRole(roleArn: string, requests: AuthorizationRequest[], principal?: string): void;
  roleExists(roleArn: string): boolean;
}

/** Everything that ECS asks of the rest of the local AWS. */
export interface EcsNeeds {
  balancers: Balancers;
  network: HostNetwork;
  images: Images;
  logs: Logs;
  secrets: Secrets;
  iam: Iam;
}
