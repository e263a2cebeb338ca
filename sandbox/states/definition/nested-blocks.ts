import { isObject, type JsonObject } from '../json.ts';
import type { Report } from './problems.ts';

/** A machine in a machine: a branch or an item processor. */
interface NestedBlock {
  block: JsonObject;
  location: string;
}

/** The blocks inside a Parallel or Map state, to be checked like the machine itself; reports those that are none. */
export function nestedBlocksOf(state: JsonObject, location: string, report: Report): NestedBlock[] {
  if (state.Type === 'Parallel') return branches(state, location, report);
  return state.Type === 'Map' ? itemProcessor(state, location, report) : [];
}

function branches({ Branches }: JsonObject, location: string, report: Report): NestedBlock[] {
  if (!Array.isArray(Branches) || Branches.length === 0) {
    const message = 'The field Branches must be a non-empty array';
    report('SCHEMA_VALIDATION_FAILED', message, `${location}/Branches`);
    return [];
  }
  return Branches.flatMap((branch, index) => {
    const at = `${location}/Branches[${index}]`;
    if (isObject(branch)) return { block: branch, location: at };
    report('SCHEMA_VALIDATION_FAILED', 'Expected value of type Object', at);
    return [];
  });
}

function itemProcessor(state: JsonObject, location: string, report: Report): NestedBlock[] {
  const field = state.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = state[field];
  const at = `${location}/${field}`;
  if (!isObject(processor)) {
    report('SCHEMA_VALIDATION_FAILED', 'These fields are required: [ItemProcessor]', at);
    return [];
  }
  if (isObject(processor.ProcessorConfig) && processor.ProcessorConfig.Mode === 'DISTRIBUTED') {
    report('NOT_SUPPORTED', 'A Map in Distributed mode is not supported', `${at}/ProcessorConfig/Mode`);
  }
  return [{ block: processor, location: at }];
}
