import type { RuleState, Target } from '@aws-sdk/client-eventbridge';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { EventPattern } from './patterns/compile.ts';

export interface Rule {
  name: string;
  arn: string;
  busName: string;
  description?: string;
  state: RuleState;
  eventPattern?: string;
  scheduleExpression?: string;
  roleArn?: string;
  matches: EventPattern;
  targets: Map<string, Target>;
}

export interface EventBus {
  name: string;
  arn: string;
  createdAt: number;
  rules: Map<string, Rule>;
}

/** The event buses of this account with their rules; `default` is always there. */
export class BusStore {
  readonly buses = new Map<string, EventBus>();
  readonly #context: SandboxContext;

  constructor(context: SandboxContext) {
    this.#context = context;
    this.create('default');
  }

  create(name: string): EventBus {
    if (this.buses.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    const busArn = arn(this.#context, 'events', `event-bus/${name}`);
    const bus: EventBus = { name, arn: busArn, createdAt: this.#context.clock.now(), rules: new Map() };
    this.buses.set(name, bus);
    return bus;
  }

  /** By name or ARN; without either the default bus. */
  bus(nameOrArn = 'default'): EventBus {
    const name = busNameOf(nameOrArn);
    const bus = this.buses.get(name);
    if (bus === undefined)
      throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    return bus;
  }

  rule(name = '', busNameOrArn?: string): Rule {
    const bus = this.bus(busNameOrArn);
    const rule = bus.rules.get(name);
    if (rule === undefined) {
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`);
    }
    return rule;
  }

  ruleArn(name: string, busNameOrArn?: string): string {
    const busName = busNameOf(busNameOrArn ?? 'default');
    return arn(this.#context, 'events', busName === 'default' ? `rule/${name}` : `rule/${busName}/${name}`);
  }
}

export function busNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}
