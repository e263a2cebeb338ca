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
  const found = new Map<string, string>();
  for (let start = 0; start < arns.length; start += 100) {
    const { containerInstances } = await ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances: arns.slice(start, start + 100) }),
    );
    for (const each of containerInstances ?? [])
      found.set(each.containerInstanceArn ?? '', each.ec2InstanceId ?? '');
  }
  return found;
}
