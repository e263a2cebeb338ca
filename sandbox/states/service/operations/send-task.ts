import type { SendTaskFailureInput, SendTaskHeartbeatInput, SendTaskSuccessInput } from '@aws-sdk/client-sfn';
import { parseJson } from '../../json.ts';
import { MAX_PAYLOAD_BYTES } from '../../limits.ts';
import { atMost, statesError } from '../errors.ts';
import type { StatesService } from '../service.ts';

const MAX_TOKEN_LENGTH = 2048;

export function sendTaskSuccess({ tokens }: StatesService) {
  return ({ taskToken = '', output = '' }: SendTaskSuccessInput) => {
    atMost('taskToken', taskToken, MAX_TOKEN_LENGTH);
    atMost('output', output, MAX_PAYLOAD_BYTES);
    if (parseJson(output) === undefined) throw statesError('InvalidOutput', 'Invalid Output', 'Invalid JSON');
    tokens.succeed(taskToken, output);
    return {};
  };
}

export function sendTaskFailure({ tokens }: StatesService) {
  return ({ taskToken = '', error, cause }: SendTaskFailureInput) => {
    atMost('taskToken', taskToken, MAX_TOKEN_LENGTH);
    atMost('error', error, 256);
    atMost('cause', cause, 32_768);
    tokens.fail(taskToken, error, cause);
    return {};
  };
}

export function sendTaskHeartbeat({ tokens }: StatesService) {
  return ({ taskToken = '' }: SendTaskHeartbeatInput) => {
    atMost('taskToken', taskToken, MAX_TOKEN_LENGTH);
    tokens.beat(taskToken);
    return {};
  };
}
