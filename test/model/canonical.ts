import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { type Invocation, indexOf, NOON, type World } from './world.ts';

/**
 * Two worlds with the same future have the same key. Names that are only ever compared (calls, task tokens, ECS
 * deployments, fencing numbers) are replaced by what they are equal to: the present one, or an earlier one.
 */
export function createKeys(): (world: World) => string {
  const numbers = new Map<string, number>();
  const numbersOf = new WeakMap<object, number>();
  /** A small number for a value that is never changed in place: equal ones have the same. */
  const numberOf = <T extends object>(value: T, project: (value: T) => unknown): number => {
    const known = numbersOf.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(project(value));
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    numbersOf.set(value, number);
    return number;
  };
  const plain = (value: object | undefined) => (value === undefined ? '' : numberOf(value, (each) => each));

  return (world) => {
    const { item, executions, calls, service, tasks, ends, answers } = world;
    const ids = new Map(calls.map(({ id }, position) => [id, position]));
    if (item.acting !== undefined && !ids.has(item.acting.id)) ids.set(item.acting.id, -1);
    const idOf = (id: string | undefined) => (id === undefined ? '' : (ids.get(id) ?? ''));
    const isPresent = (deploymentId: string | undefined) => deploymentId === service.deploymentId;
    const documentOf = (document: DeploymentDocument | undefined) =>
      document === undefined
        ? ''
        : `${numberOf(document, constantsOf)}${document.claim?.fence === item.fence ? '=' : '<'}${idOf(document.claim?.lastAct)}${isPresent(document.rollout?.deploymentId) ? 'p' : ''}${isPresent(document.rollback?.deploymentId) ? 'b' : ''}`;
    const itemOf = (each: ServiceItem) => {
      const { acting, waiter } = each;
      const token = waiter && waiter.taskToken === executions[indexOf(waiter.owner)]?.taskToken;
      return [
        numberOf(each, itemConstantsOf),
        acting && idOf(acting.id),
        documentOf(waiter?.document),
        token,
      ].join();
    };
    const invocationOf = (each: Invocation | undefined, taskToken: string) => {
      if (each === undefined) return '';
      const { redriveCount, state, step, input, document, acted, id, callBy, answer, dead, refusal, read } =
        each;
      const answered = answer && (state === 'RunMigration' ? answer : isPresent(answer));
      const has = [
        redriveCount,
        state,
        step,
        documentOf(input),
        documentOf(document),
        documentOf(acted),
        idOf(id),
      ];
      const more = [callBy, answered, plain(dead), refusal, each.taskToken === taskToken];
      return [...has, ...more, read && (read === item || itemOf(read))].join();
    };
    return [
      itemOf(item),
      ...executions.map((each) =>
        [
          each.status,
          each.redriveCount,
          each.state,
          documentOf(each.document),
          invocationOf(each.invocation, each.taskToken),
          invocationOf(each.late, each.taskToken),
          each.recorded?.redriveCount,
          each.recorded?.outcome,
          each.livesAtGrant,
          each.gaveBack,
        ].join(),
      ),
      calls
        .map((call) =>
          [
            idOf(call.id),
            call.by,
            call.redriveCount,
            call.state,
            call.left,
            call.attempt,
            call.isOvertaken,
          ].join(),
        )
        .join('+'),
      [
        service.taskDefinition.at(-1),
        service.isSettled,
        service.by?.execution,
        service.by?.redriveCount,
      ].join(),
      tasks.map(({ of, attempt, status }) => [of, attempt, status].join()).join('+'),
      ends
        .map(({ of, redriveCount, document }) => [of, redriveCount, documentOf(document)].join())
        .sort()
        .join('+'),
      answers
        .map(({ taskToken, ...answer }) =>
          [
            executions.findIndex((each) => each.taskToken === taskToken),
            'document' in answer ? documentOf(answer.document) : answer.refusal,
          ].join(),
        )
        .sort()
        .join('+'),
      [world.isHandingOver, world.adversities, world.lives].join(),
    ].join('|');
  };
}

/** Of a document, what does not depend on the world around it. Settings, trigger and release are always the same. */
const constantsOf = ({
  settings: _,
  trigger: __,
  release: ___,
  claim,
  rollout,
  rollback,
  ...rest
}: DeploymentDocument) => ({
  ...rest,
  claim: claim?.redriveCount,
  rollout: rollout?.taskDefinition,
  rollback: rollback?.taskDefinition,
});

const itemConstantsOf = ({ fence: _, acting, waiter, claim, ...rest }: ServiceItem) => [
  rest,
  acting && [acting.owner, acting.redriveCount, acting.until - NOON],
  claim && [claim.owner, claim.redriveCount],
  waiter && [waiter.owner, waiter.redriveCount, waiter.startedAt],
];
