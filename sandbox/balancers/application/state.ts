import type {
  Action,
  RuleCondition,
  TargetGroup as TargetGroupShape,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Listener } from '../engine/listener.ts';
import type { Pool } from '../engine/pool.ts';
import type { BalancersContext } from '../options.ts';

export interface Rule {
  arn: string;
  priority: number;
  conditions: RuleCondition[];
  actions: Action[];
  tags: Map<string, string>;
}

export interface ApplicationListener {
  arn: string;
  balancer: ApplicationBalancer;
  port: number;
  defaultActions: Action[];
  /** In order of priority. */
  rules: Rule[];
  open: Listener;
  tags: Map<string, string>;
}

export interface ApplicationBalancer {
  arn: string;
  name: string;
  createdTime: Date;
  scheme: 'internet-facing' | 'internal';
  subnets: string[];
  securityGroups: string[];
  idleTimeoutSeconds: number;
  tags: Map<string, string>;
}

export interface TargetGroup {
  /** What the API shows of it; LoadBalancerArns is worked out when asked. */
  shape: TargetGroupShape & { TargetGroupArn: string; TargetGroupName: string };
  deregistrationDelaySeconds: number;
  slowStartSeconds: number;
  pool: Pool;
  tags: Map<string, string>;
}

/** Application Load Balancers of this sandbox, by ARN. */
export interface ApplicationState {
  context: BalancersContext;
  balancers: Map<string, ApplicationBalancer>;
  listeners: Map<string, ApplicationListener>;
  targetGroups: Map<string, TargetGroup>;
  findBalancer(arn: string | undefined): ApplicationBalancer;
  findListener(arn: string | undefined): ApplicationListener;
  findTargetGroup(arn: string | undefined): TargetGroup;
  findRule(arn: string | undefined): { rule: Rule; listener: ApplicationListener };
}

export function createApplicationState(context: BalancersContext): ApplicationState {
  const balancers = new Map<string, ApplicationBalancer>();
  const listeners = new Map<string, ApplicationListener>();
  const targetGroups = new Map<string, TargetGroup>();
  return {
    context,
    balancers,
    listeners,
    targetGroups,
    findBalancer: (arn) => found(balancers.get(arn ?? ''), 'LoadBalancerNotFound', 'load balancers', arn),
    findListener: (arn) => found(listeners.get(arn ?? ''), 'ListenerNotFound', 'listeners', arn),
    findTargetGroup: (arn) => found(targetGroups.get(arn ?? ''), 'TargetGroupNotFound', 'target groups', arn),
    findRule(arn) {
      for (const listener of listeners.values()) {
        const rule = listener.rules.find((one) => one.arn === arn);
        if (rule) return { rule, listener };
      }
      return found<never>(undefined, 'RuleNotFound', 'rules', arn);
    },
  };
}

function found<Thing>(
  thing: Thing | undefined,
  code: string,
  plural: string,
  arn: string | undefined,
): Thing {
  if (thing) return thing;
  if (!arn?.startsWith('arn:')) {
    throw new AwsError('ValidationError', `'${arn}' is not a valid ARN`);
  }
  throw new AwsError(code, `One or more ${plural} not found`);
}

/** Every target group that an action list forwards to. */
export function forwardedTo(actions: Action[]): string[] {
  return actions.flatMap((action) => [
    ...(action.TargetGroupArn ? [action.TargetGroupArn] : []),
    ...(action.ForwardConfig?.TargetGroups ?? []).map((tuple) => tuple.TargetGroupArn ?? ''),
  ]);
}

/** The load balancers whose listeners or rules forward to the target group. */
export function balancersOf(state: ApplicationState, targetGroupArn: string): string[] {
  const using = [...state.listeners.values()].filter((listener) =>
    [listener.defaultActions, ...listener.rules.map((rule) => rule.actions)].some((actions) =>
      forwardedTo(actions).includes(targetGroupArn),
    ),
  );
  return [...new Set(using.map((listener) => listener.balancer.arn))];
}

/** Starts the health checks of target groups that came into use and stops those of the ones that fell out. */
export function refreshUse(state: ApplicationState): void {
  for (const group of state.targetGroups.values()) {
    group.pool.setInUse(balancersOf(state, group.shape.TargetGroupArn).length > 0);
  }
}
