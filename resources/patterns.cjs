// What the rules about ECS let through: events of the clusters and services in services.yml, no others.
const { services } = require('./services.cjs');

const arn = (resource) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:ecs:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});
const unique = (values) => [...new Set(values)];

module.exports.clusterArns = unique(services.map(({ cluster }) => `cluster/${cluster}`)).map(arn);
module.exports.serviceArns = unique(
  services.map(({ cluster, service }) => `service/${cluster}/${service}`),
).map(arn);
