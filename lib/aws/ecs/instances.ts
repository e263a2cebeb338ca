import { DescribeContainerInstancesCommand, type ECSClient, type Task } from '@aws-sdk/client-ecs';
import { ecsClient } from './client.ts';

/** Container instance ARN → EC2 instance id, for the instances that these tasks run on. */
export async function instanceIdsOf(
  cluster: string,
  tasks: Task[],
  ecs: ECSClient = ecsClient(),
): Promise<Map<string, string>> {
  const arns = [
    ...new Set(tasks.map((task) => task.containerInstanceArn).filter((each) => each !== undefined)),
  ];
  if (arns.length === 0) return new Map();
  const { containerInstances } = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster, containerInstances: arns.slice(0, 100) }),
  );
  return new Map(
    (containerInstances ?? []).map((each) => [each.containerInstanceArn ?? '', each.ec2InstanceId ?? '']),
  );
}
