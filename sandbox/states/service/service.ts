import { arn } from '#sandbox/core/arn.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { Execution } from '../interpreter/execution.ts';
import { statesError } from './errors.ts';
import { lambdaTasks } from './lambda-tasks.ts';
import type { StatesIam, StatesLambda, StatesXray } from './needs.ts';
import { emitStatusChange } from './status-event.ts';
import type { ExecutionRecord, StateMachine, StatesStore } from './store.ts';
import { TaskTokens } from './tokens.ts';
import { traceExecution } from './tracing.ts';

/** What the operations share. */
export interface StatesService {
  context: SandboxContext;
  store: StatesStore;
  tokens: TaskTokens;
  iam: StatesIam;
  lambda: StatesLambda;
  xray?: StatesXray | undefined;
  /** False once it is closed: what ends then is not announced any more. */
  open: boolean;
}

export function createService(
  context: SandboxContext,
  { lambda, iam, xray }: { lambda: StatesLambda; iam: StatesIam; xray?: StatesXray | undefined },
): StatesService {
  const store: StatesStore = { machines: new Map(), executions: new Map() };
  return { context, store, tokens: new TaskTokens(context.random), iam, lambda, xray, open: true };
}

export function machineByArn({ store }: StatesService, machineArn: string): StateMachine {
  requireArn(machineArn);
  const machine = store.machines.get(machineArn);
  if (machine === undefined) {
    throw statesError('StateMachineDoesNotExist', 'State Machine Does Not Exist', machineArn);
  }
  return machine;
}

export function executionByArn({ store }: StatesService, executionArn: string): ExecutionRecord {
  requireArn(executionArn);
  const record = store.executions.get(executionArn);
  if (record === undefined) {
    throw statesError('ExecutionDoesNotExist', 'Execution Does Not Exist', executionArn);
  }
  return record;
}

function requireArn(value: string): void {
  if (!value.startsWith('arn:')) {
    throw statesError('InvalidArn', 'Invalid Arn', `Invalid ARN prefix: ${value}`);
  }
}

export function machineArn(context: SandboxContext, name: string): string {
  return arn(context, 'states', `stateMachine:${name}`);
}

export function executionArn(context: SandboxContext, machineName: string, name: string): string {
  return arn(context, 'states', `execution:${machineName}:${name}`);
}

/** Makes an execution and lets it run. */
export function startExecution(
  service: StatesService,
  machine: StateMachine,
  { name, input, traceHeader }: { name: string; input: string; traceHeader?: string | undefined },
): ExecutionRecord {
  const { context, store, tokens } = service;
  const { revision } = machine;
  const trace = traceExecution(context, service.xray, {
    isEnabled: revision.isTraced,
    machineName: machine.name,
    traceHeader,
  });
  const execution = new Execution({
    definition: revision.definition,
    input,
    identity: {
      executionArn: executionArn(context, machine.name, name),
      executionName: name,
      stateMachineArn: machine.arn,
      stateMachineName: machine.name,
      roleArn: revision.roleArn,
    },
    environment: {
      clock: context.clock,
      random: context.random,
      region: context.region,
      tasks: lambdaTasks(service, revision.roleArn, tokens, trace),
    },
    onStatusChange: () => {
      trace.onStatusChange(execution);
      if (service.open) emitStatusChange(context, record);
    },
  });
  const { executionArn: recordArn } = execution.identity;
  const record: ExecutionRecord = {
    arn: recordArn,
    machine,
    revision,
    execution,
    traceHeader,
    redriveTokens: new Map(),
  };
  // A name that is used again stands at the end of the list.
  store.executions.delete(recordArn);
  store.executions.set(recordArn, record);
  execution.start();
  return record;
}
