/** Where the console shows an execution, by its ARN; each partition has a console of its own. */
export function consoleAddressOf(execution: string): string {
  const [, partition = 'aws', , region = ''] = execution.split(':');
  return `https://${region}.${CONSOLES[partition] ?? CONSOLES.aws}/states/home?region=${region}#/v2/executions/details/${execution}`;
}

const CONSOLES: Record<string, string> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};
