import type {
  DescribeParametersRequest,
  DescribeParametersResult,
  ParameterMetadata,
  ParameterStringFilter,
} from '@aws-sdk/client-ssm';
import { notSupported } from '#sandbox/core/errors.ts';
import type { SsmState, StoredParameter } from '../state.ts';

export function describeParameters(state: SsmState) {
  return (input: DescribeParametersRequest): DescribeParametersResult => {
    if (input.Filters?.length) throw notSupported('Filters of DescribeParameters; use ParameterFilters');
    const filters = input.ParameterFilters ?? [];
    const chosen = [...state.parameters.values()].filter((stored) =>
      filters.every((filter) => passes(stored, filter)),
    );
    const start = Number(input.NextToken ?? 0);
    const end = start + (input.MaxResults ?? 50);
    return {
      Parameters: chosen.slice(start, end).map(metadata),
      ...(end < chosen.length && { NextToken: String(end) }),
    };
  };
}

/** Name and Type, Equals and BeginsWith; what else there is to filter by is said to be missing. */
function passes(
  stored: StoredParameter,
  { Key, Option = 'Equals', Values = [] }: ParameterStringFilter,
): boolean {
  const text = Key === 'Name' ? stored.name : Key === 'Type' ? stored.versions.at(-1)?.type : undefined;
  if (text === undefined || (Option !== 'Equals' && Option !== 'BeginsWith')) {
    throw notSupported(`the filter ${Key} ${Option} of DescribeParameters`);
  }
  return Values.some((value) => (Option === 'Equals' ? text === value : text.startsWith(value)));
}

function metadata({ name, arn, versions }: StoredParameter): ParameterMetadata {
  const latest = versions.at(-1)!;
  return {
    Name: name,
    ARN: arn,
    Type: latest.type,
    Version: latest.version,
    LastModifiedDate: latest.modifiedAt,
    LastModifiedUser: latest.modifiedBy,
    Description: latest.description,
    Tier: 'Standard',
    Policies: [],
    DataType: 'text',
  };
}
