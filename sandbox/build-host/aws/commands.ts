import type { OptionType } from './options.ts';

export interface ApiCommand {
  options: Record<string, OptionType>;
  call(input: Record<string, unknown>): Promise<object>;
}

/**
 * The API calls that builds make. Each loads its client only when it is used: a build waits for every
 * start of this program.
 */
export const apiCommands: Record<string, ApiCommand> = {
  'ecr describe-images': {
    options: { '--repository-name': 'text', '--registry-id': 'text', '--image-ids': 'structures' },
    async call(input) {
      const { DescribeImagesCommand, ECRClient } = await import('@aws-sdk/client-ecr');
      return new ECRClient({}).send(new DescribeImagesCommand({ repositoryName: undefined, ...input }));
    },
  },
  'ecr describe-repositories': {
    options: { '--repository-names': 'texts' },
    async call(input) {
      const { DescribeRepositoriesCommand, ECRClient } = await import('@aws-sdk/client-ecr');
      return new ECRClient({}).send(new DescribeRepositoriesCommand(input));
    },
  },
  'sts get-caller-identity': {
    options: {},
    async call() {
      const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
      return new STSClient({}).send(new GetCallerIdentityCommand({}));
    },
  },
  'ecs describe-services': {
    options: { '--cluster': 'text', '--services': 'texts', '--include': 'texts' },
    async call(input) {
      const { DescribeServicesCommand, ECSClient } = await import('@aws-sdk/client-ecs');
      return new ECSClient({}).send(new DescribeServicesCommand({ services: undefined, ...input }));
    },
  },
};
