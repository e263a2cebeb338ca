import type {
  GetParameterRequest,
  GetParameterResult,
  GetParametersByPathRequest,
  GetParametersByPathResult,
  GetParametersRequest,
  GetParametersResult,
  Parameter,
} from '@aws-sdk/client-ssm';
import { notSupported } from '#sandbox/core/errors.ts';
import {
  findParameter,
  type ParameterVersion,
  parameterNotFound,
  type SsmState,
  type StoredParameter,
  shownValue,
} from '../state.ts';

export function getParameter(state: SsmState) {
  return (input: GetParameterRequest): GetParameterResult => {
    const found = findParameter(state, input.Name);
    if (!found) throw parameterNotFound(input.Name);
    return { Parameter: describe(state, found, input.WithDecryption) };
  };
}

export function getParameters(state: SsmState) {
  return (input: GetParametersRequest): GetParametersResult => {
    const found = (input.Names ?? []).map((name) => ({ name, parameter: findParameter(state, name) }));
    return {
      Parameters: found.flatMap(({ parameter }) =>
        parameter ? [describe(state, parameter, input.WithDecryption)] : [],
      ),
      InvalidParameters: found.filter(({ parameter }) => !parameter).map(({ name }) => name),
    };
  };
}

export function getParametersByPath(state: SsmState) {
  return (input: GetParametersByPathRequest): GetParametersByPathResult => {
    if (input.ParameterFilters?.length) throw notSupported('filters of GetParametersByPath');
    const path = `${(input.Path ?? '').replace(/\/$/, '')}/`;
    const below = [...state.parameters.values()]
      .filter(({ name }) => name.startsWith(path))
      .filter(({ name }) => input.Recursive || !name.slice(path.length).includes('/'));
    const start = Number(input.NextToken ?? 0);
    const end = start + (input.MaxResults ?? 10);
    return {
      Parameters: below
        .slice(start, end)
        .map((stored) => describe(state, { stored, version: stored.versions.at(-1)! }, input.WithDecryption)),
      ...(end < below.length && { NextToken: String(end) }),
    };
  };
}

function describe(
  state: SsmState,
  { stored, version }: { stored: StoredParameter; version: ParameterVersion },
  withDecryption: boolean | undefined,
): Parameter {
  return {
    Name: stored.name,
    Type: version.type,
    Value: shownValue(state, version, withDecryption),
    Version: version.version,
    LastModifiedDate: version.modifiedAt,
    ARN: stored.arn,
    DataType: 'text',
  };
}
