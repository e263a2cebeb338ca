import { assignedBy, type Exit, effectiveInput, jsonataOutput } from '../data/flow.ts';
import { evaluateTyped } from '../data/jsonata.ts';
import { filterBy } from '../data/jsonpath.ts';
import type { ChoiceRule } from '../definition.ts';
import { type Frame, runtimeFailure } from '../frame.ts';
import { ruleHolds } from './choice-rule.ts';

/** The first rule that holds decides; else Default, with the state's own Assign and Output. */
export async function runChoice(frame: Frame): Promise<Exit> {
  const { Choices = [], Default } = frame.state;
  for (const [index, rule] of Choices.entries()) {
    if (await holds(frame, rule, index)) return leave(frame, rule, `Choices[${index}]/`, rule.Next);
  }
  if (Default === undefined) {
    throw runtimeFailure(
      frame,
      'Failed to transition out of the state. The state does not point to a next state.',
    );
  }
  return leave(frame, frame.state, '', Default);
}

async function holds(frame: Frame, rule: ChoiceRule, index: number): Promise<boolean> {
  if (frame.queryLanguage === 'JSONPath') return ruleHolds(frame, rule, effectiveInput(frame));
  const location = `Choices[${index}]/Condition`;
  return (await evaluateTyped(frame, rule.Condition ?? false, location, 'boolean')) === true;
}

async function leave(
  frame: Frame,
  fields: Pick<ChoiceRule, 'Assign' | 'Output'>,
  prefix: string,
  next: string | undefined,
): Promise<Exit> {
  const input = effectiveInput(frame);
  const output =
    frame.queryLanguage === 'JSONata'
      ? await jsonataOutput(frame, fields.Output, `${prefix}Output`, input, {})
      : filterBy(frame, frame.state.OutputPath, input);
  const assigned = await assignedBy(frame, fields.Assign, `${prefix}Assign`, input, {});
  return { output, ...assigned, ...(next === undefined ? {} : { next }) };
}
