// What each function may do, and nothing else: least privilege, from services.yml. Resource types as AWS's Service
// Authorization Reference has them; "*" only where an action has no resource-level permission.
const { services } = require('./services.cjs');

const sub = (text) => ({ 'Fn::Sub': text });
const arn = (service, resource) =>
  sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
const unique = (values) => [...new Set(values)];
const forServices = (make) => unique(services.map(make)).map((resource) => arn('ecs', resource));

const clusters = forServices(({ cluster }) => `cluster/${cluster}`);
const inClusters = { ArnEquals: { 'ecs:cluster': clusters } };
const ecsServices = forServices(({ cluster, service }) => `service/${cluster}/${service}`);
const tasks = forServices(({ cluster }) => `task/${cluster}/*`);
const instances = forServices(({ cluster }) => `container-instance/${cluster}/*`);
const families = forServices(({ name, family }) => `task-definition/${family ?? name}:*`);
const roles = unique(services.flatMap((service) => service.roles ?? [])).map((role) =>
  sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${role}`),
);
const repositories = unique(services.map(({ repository }) => repository)).map((name) =>
  arn('ecr', `repository/${name}`),
);
// ECS's own convention for awslogs groups is /ecs/FAMILY; any other has to be named in services.yml.
const logGroups = unique(['/ecs/*', ...services.flatMap(({ logGroup }) => logGroup ?? [])]);

const allow = (Action, Resource, Condition) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const table = (...actions) =>
  allow(
    actions.map((action) => `dynamodb:${action}`),
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }],
  );

// The service's item and the records of its deployments: read, then written on condition that nobody wrote in between.
const items = [table('GetItem', 'PutItem')];
const byTime = [allow(['dynamodb:Query'], [sub('${Table.Arn}/index/history')])];
const waits = [table('GetItem', 'PutItem', 'DeleteItem')];
const once = [table('GetItem', 'PutItem', 'DeleteItem')];
const callback = [allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], '*')];
const tokens = unique(services.flatMap(({ github }) => github?.tokenSecret ?? [])).map((name) =>
  // Secrets Manager appends a hyphen and six characters to the name.
  arn('secretsmanager', `secret:${name}-??????`),
);
// Machines are told of beginnings too, people of ends.
const announce = [
  ...(tokens.length === 0 ? [] : [allow(['secretsmanager:GetSecretValue'], tokens)]),
  allow(['events:PutEvents'], [arn('events', 'event-bus/default')]),
];
const notify = [allow(['sns:Publish'], [{ Ref: 'Topic' }, { Ref: 'ChatTopic' }]), ...announce];
// An asynchronous invocation's record goes to its destination with the function's own role.
const toQueue = (queue) => [allow(['sqs:SendMessage'], [{ 'Fn::GetAtt': [queue, 'Arn'] }])];
const refused = toQueue('DeadLetters');
// X-Ray has no resources to name.
const trace = [allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*')];
const stateMachine = '${self:custom.stateMachine}';
const start = [allow(['states:StartExecution'], [arn('states', `stateMachine:${stateMachine}`)])];
const executions = (...actions) => [
  allow(
    actions.map((action) => `states:${action}`),
    [arn('states', `execution:${stateMachine}:*`)],
  ),
];

const describeService = [allow(['ecs:DescribeServices'], ecsServices)];
const describeTaskDefinition = [allow(['ecs:DescribeTaskDefinition'], '*')];
const describeTask = [allow(['ecs:DescribeTasks'], tasks)];
const describeTasks = [...describeTask, allow(['ecs:ListTasks'], '*', inClusters)];
const logTail = [
  ...describeTaskDefinition,
  allow(
    ['logs:GetLogEvents'],
    logGroups.map((group) => arn('logs', `log-group:${group}:log-stream:*`)),
  ),
];
const look = [...describeService, ...describeTasks, ...logTail, ...callback];
const readTargets = [
  allow(['ecs:DescribeContainerInstances'], instances),
  allow(['elasticloadbalancing:DescribeInstanceHealth', 'elasticloadbalancing:DescribeTargetHealth'], '*'),
];
const stopMigration = [allow(['ecs:StopTask'], tasks)];
const bundles = [
  allow(['s3:GetObject'], [sub('${Artifacts.Arn}/*')]),
  // Without it S3 answers 403 for a file that is missing, not 404. A condition on s3:prefix would undo that: GetObject
  // has none.
  allow(['s3:ListBucket'], [{ 'Fn::GetAtt': ['Artifacts', 'Arn'] }]),
];
const templates = [...bundles, ...describeService, ...describeTaskDefinition];
const images = [allow(['ecr:DescribeImages'], repositories)];
const passRoles = (...PassedToService) =>
  roles.length === 0
    ? []
    : [allow(['iam:PassRole'], roles, { StringEquals: { 'iam:PassedToService': PassedToService } })];
const builds = (...actions) => [
  allow(
    actions.map((action) => `codebuild:${action}`),
    [arn('codebuild', 'project/${self:custom.prefix}*')],
  ),
];

const verify = [
  ...templates,
  ...describeTasks,
  ...images,
  allow(['ecs:DescribeClusters'], clusters),
  allow(['ecs:ListContainerInstances'], clusters),
  allow(['ecs:DescribeContainerInstances'], instances),
  ...(roles.length === 0 ? [] : [allow(['iam:GetRole'], roles)]),
  allow(['secretsmanager:DescribeSecret'], [arn('secretsmanager', 'secret:*')]),
  allow(['ssm:DescribeParameters'], '*'),
];

const own = {
  claimService: [...items, ...callback, ...executions('DescribeExecution'), ...announce],
  verifyRelease: [...items, ...verify],
  registerTaskDefinition: [
    ...items,
    ...templates,
    allow(['ecs:RegisterTaskDefinition'], families),
    ...passRoles('ecs-tasks.amazonaws.com'),
  ],
  runMigration: [
    ...items,
    ...templates,
    ...describeTasks,
    ...stopMigration,
    allow(['ecs:RunTask'], families, inClusters),
    ...passRoles('ecs-tasks.amazonaws.com'),
  ],
  // The migration is one task, whose ARN the document has.
  awaitMigration: [...items, ...waits, ...describeTask, ...logTail, ...callback, ...stopMigration],
  // It renders no task definition: the document says which revision was registered.
  updateService: [
    ...items,
    ...bundles,
    ...describeService,
    allow(['ecs:UpdateService', 'ecs:CreateService'], ecsServices),
    // A classic load balancer's role is passed to ECS itself.
    ...passRoles('ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'),
  ],
  awaitRollout: [...items, ...waits, ...look],
  checkHealth: [
    ...items,
    ...describeService,
    ...describeTasks,
    ...logTail,
    ...readTargets,
    allow(
      [
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeTargetGroups',
      ],
      '*',
    ),
  ],
  completeDeployment: [...items, ...callback, ...notify],
  rollBackService: [
    ...items,
    ...describeService,
    allow(['ecs:UpdateService'], ecsServices),
    ...passRoles('ecs-tasks.amazonaws.com'),
  ],
  awaitRollback: [...items, ...waits, ...look],
  haltDeployment: [...items, ...callback, ...notify],

  imageBuilt: [...builds('BatchGetBuilds'), ...bundles, ...start, ...notify, ...refused],
  // It finds waits, takes the turn to look and removes what is decided; only the states that wait put any there.
  ecsChanged: [
    table('GetItem', 'UpdateItem', 'DeleteItem'),
    ...look,
    ...stopMigration,
    ...toQueue('ExpiredHints'),
  ],
  executionEnded: [...items, ...callback, ...executions('GetExecutionHistory'), ...notify, ...refused],

  createDeployment: [
    ...once,
    ...byTime,
    ...verify,
    ...builds('BatchGetBuilds', 'ListBuildsForProject', 'StartBuild'),
    ...start,
  ],
  listServices: [...describeService, table('GetItem'), ...byTime],
  getService: [...describeService, ...describeTasks, ...readTargets, table('GetItem'), ...byTime],
  listDeployments: byTime,
  getDeployment: [table('GetItem'), ...executions('GetExecutionHistory')],
  getDeploymentLogs: [table('GetItem'), ...describeTasks, ...logTail],
  getBuild: [
    table('GetItem'),
    ...builds('BatchGetBuilds'),
    allow(
      ['logs:GetLogEvents'],
      [arn('logs', 'log-group:/aws/codebuild/${self:custom.prefix}*:log-stream:*')],
    ),
  ],
  redriveDeployment: [...items, ...executions('RedriveExecution')],
  abortDeployment: [table('GetItem'), ...executions('DescribeExecution', 'StopExecution')],
  startRollback: [...once, ...describeService, ...executions('DescribeExecution'), ...start],
  freezeService: items,
  unfreezeService: items,
};

module.exports = Object.fromEntries(
  Object.entries(own).map(([key, allowed]) => [key, [...allowed, ...trace]]),
);
