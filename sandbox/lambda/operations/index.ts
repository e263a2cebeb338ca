import type { Operation } from '#sandbox/core/service.ts';
import type { LambdaState } from '../state.ts';
import { addPermission } from './add-permission.ts';
import { createFunction } from './create-function.ts';
import { deleteFunction } from './delete-function.ts';
import { getFunction, getFunctionConfiguration } from './get-function.ts';
import { getPolicy } from './get-policy.ts';
import { invoke } from './invoke.ts';
import { listFunctions } from './list-functions.ts';
import { publishVersion } from './publish-version.ts';
import { getFunctionConcurrency, putFunctionConcurrency } from './put-function-concurrency.ts';
import {
  getFunctionEventInvokeConfig,
  putFunctionEventInvokeConfig,
} from './put-function-event-invoke-config.ts';
import { removePermission } from './remove-permission.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

/** The operations of Lambda that this sandbox serves. */
export function lambdaOperations(state: LambdaState): Record<string, Operation> {
  return {
    AddPermission: addPermission(state),
    CreateFunction: createFunction(state),
    DeleteFunction: deleteFunction(state),
    GetFunction: getFunction(state),
    GetFunctionConcurrency: getFunctionConcurrency(state),
    GetFunctionConfiguration: getFunctionConfiguration(state),
    GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(state),
    GetPolicy: getPolicy(state),
    Invoke: invoke(state),
    ListFunctions: listFunctions(state),
    PublishVersion: publishVersion(state),
    PutFunctionConcurrency: putFunctionConcurrency(state),
    PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig(state),
    RemovePermission: removePermission(state),
    UpdateFunctionCode: updateFunctionCode(state),
    UpdateFunctionConfiguration: updateFunctionConfiguration(state),
  };
}
