import { describe, expect, it } from '@jest/globals';
import { consoleAddressOf } from '#lib/deployment/notify/console.ts';

describe('the address of an execution in the console', () => {
  it.each([
    [
      'arn:aws:states:eu-west-1:1:execution:m:n',
      'https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:1:execution:m:n',
    ],
    [
      'arn:aws-cn:states:cn-north-1:1:execution:m:n',
      'https://cn-north-1.console.amazonaws.cn/states/home?region=cn-north-1#/v2/executions/details/arn:aws-cn:states:cn-north-1:1:execution:m:n',
    ],
  ])('the console shows %s', (execution, address) => {
    expect(consoleAddressOf(execution)).toBe(address);
  });
});
