import { AwsError } from '#sandbox/core/errors.ts';

/** The errors of the ECS API, worded as AWS words them. */
export const clusterNotFound = () => new AwsError('ClusterNotFoundException', 'Cluster not found.');
export const serviceNotFound = () => new AwsError('ServiceNotFoundException', 'Service not found.');
export const serviceNotActive = () => new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);
export const clientException = (message: string) => new AwsError('ClientException', message);
/** The sandbox does not do this, and says so in ECS's own way. */
export const unsupported = (what: string) =>
  new AwsError('UnsupportedFeatureException', `${what} is not supported by this local Amazon ECS.`);
