import { isObject, type JsonObject } from '../json.ts';
import { type Check, checkBlock } from './check-block.ts';

export function checkParallel(state: JsonObject, location: string, check: Check): void {
  const { Branches } = state;
  if (!Array.isArray(Branches) || Branches.length === 0) {
    const message = 'The field Branches must be a non-empty array';
    check.report('SCHEMA_VALIDATION_FAILED', message, `${location}/Branches`);
    return;
  }
  for (const [index, branch] of Branches.entries()) {
    const at = `${location}/Branches[${index}]`;
    if (isObject(branch)) checkBlock(branch, at, check);
    else check.report('SCHEMA_VALIDATION_FAILED', 'Expected value of type Object', at);
  }
}

export function checkMap(state: JsonObject, location: string, check: Check): void {
  const field = state.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = state[field];
  const at = `${location}/${field}`;
  if (!isObject(processor)) {
    check.report('SCHEMA_VALIDATION_FAILED', 'These fields are required: [ItemProcessor]', at);
    return;
  }
  if (isObject(processor.ProcessorConfig) && processor.ProcessorConfig.Mode === 'DISTRIBUTED') {
    check.report('NOT_SUPPORTED', 'A Map in Distributed mode is not supported', `${at}/ProcessorConfig/Mode`);
  }
  checkBlock(processor, at, check);
}
