// What needs a person. Each alarm tells the topics that deployments' ends go to (a chat knows CloudWatch's form by itself),
// and says what to do.
const { longest, services } = require('./metrics.cjs');
const { logicalName } = require('./services.cjs');

const ref = (id) => ({ Ref: id });

function alarm(name, AlarmDescription, properties) {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `\${self:custom.prefix}${name}`,
      AlarmDescription,
      Statistic: 'Sum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      Period: 60,
      EvaluationPeriods: 1,
      // No metric means that nothing has happened.
      TreatMissingData: 'notBreaching',
      AlarmActions: [ref('Topic'), ref('ChatTopic')],
      ...properties,
    },
  };
}

const dimensions = (values) => Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

const failure = (service, error, happened) =>
  alarm(`${service}-${error}`, `${service}: ${happened}. See ${error} in docs/runbook.md.`, {
    Namespace: 'Landfall',
    MetricName: 'Failures',
    Dimensions: dimensions({ service, error }),
  });

const ofService = (entry) => {
  const { name } = entry;
  const id = logicalName(name);
  return {
    [`${id}RollbackFailedAlarm`]: failure(
      name,
      'RollbackFailed',
      'a deployment failed and so did the way back',
    ),
    [`${id}FunctionCrashedAlarm`]: failure(
      name,
      'FunctionCrashed',
      'a deployment failed because a function of Landfall crashed',
    ),
    [`${id}InvalidDocumentAlarm`]: failure(
      name,
      'InvalidDocument',
      'a deployment failed because a state of Landfall was handed what it cannot read',
    ),
    [`${id}NotificationsFailedAlarm`]: alarm(
      `${name}-NotificationsFailed`,
      `${name}: somebody was not told how a deployment began or ended. The function's log says who, and why.`,
      {
        Namespace: 'Landfall',
        MetricName: 'NotificationsFailed',
        Dimensions: dimensions({ service: name }),
        Period: 300,
      },
    ),
    [`${id}StuckClaimAlarm`]: alarm(
      `${name}-StuckClaim`,
      `${name}: a deployment holds the claim for longer than all its deadlines together. Abort it, then redrive it.`,
      {
        Namespace: 'Landfall',
        MetricName: 'ClaimTime',
        Dimensions: dimensions({ service: name }),
        Statistic: 'Maximum',
        Threshold: longest(entry),
      },
    ),
  };
};

const HANDLERS = ['imageBuilt', 'ecsChanged', 'executionEnded'];
const functionOf = (key) => ref(`${key.charAt(0).toUpperCase()}${key.slice(1)}LambdaFunction`);
/** By name: the framework's logical ids carry the stage. */
const RULES = [
  'imageBuilt-rule-1',
  'ecsChanged-rule-1',
  'ecsChanged-rule-2',
  'ecsChanged-rule-3',
  'executionEnded-rule-1',
].map((rule) => `\${self:custom.prefix}${rule}`);

const ofEvents = (key) =>
  alarm(
    `${key}-Errors`,
    `${key} fails on events. What it failed on three times is in its dead-letter queue.`,
    {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: dimensions({
        FunctionName: functionOf(key),
      }),
      Period: 300,
    },
  );

/** Every way by which what nobody handled comes to a queue: the rules' and the functions'. */
const lost = [
  ...RULES.map((rule) => ['AWS/Events', 'InvocationsFailedToBeSentToDlq', 'RuleName', rule]),
  ...HANDLERS.map((key) => ['AWS/Lambda', 'DestinationDeliveryFailures', 'FunctionName', functionOf(key)]),
];

/** One alarm on the sum of several metrics. */
function alarmOnAll(name, description, metrics) {
  const { Statistic, Period, ...properties } = alarm(name, description, { Period: 300 }).Properties;
  const ids = metrics.map((_, index) => `m${index}`);
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ...properties,
      Metrics: [
        // A metric that has never been written has no points: SUM passes over it.
        { Id: 'all', Expression: `SUM([${ids.join(', ')}])`, Label: name },
        ...metrics.map(([Namespace, MetricName, dimension, value], index) => ({
          Id: ids[index],
          ReturnData: false,
          MetricStat: {
            Metric: { Namespace, MetricName, Dimensions: dimensions({ [dimension]: value }) },
            Period,
            Stat: Statistic,
          },
        })),
      ],
    },
  };
}

module.exports.resources = () => ({
  Resources: {
    ...Object.assign({}, ...services.map(ofService)),
    ImageBuiltErrorsAlarm: ofEvents('imageBuilt'),
    EcsChangedErrorsAlarm: ofEvents('ecsChanged'),
    ExecutionEndedErrorsAlarm: ofEvents('executionEnded'),
    ApiErrorsAlarm: alarm('Api-5xx', 'The API answers with 5xx; the logs of its functions say why.', {
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Dimensions: dimensions({ ApiId: ref('HttpApi') }),
      Period: 300,
    }),
    TimedOutAlarm: alarm(
      'TimedOut',
      'A deployment waited for a day and was ended. See TIMED_OUT in docs/runbook.md.',
      {
        Namespace: 'AWS/States',
        MetricName: 'ExecutionsTimedOut',
        Dimensions: dimensions({ StateMachineArn: ref('DeployStateMachine') }),
        Period: 300,
      },
    ),
    LostEventsAlarm: alarmOnAll(
      'LostEvents',
      'Events could neither be handled nor kept: a queue took no message. See docs/operations.md.',
      lost,
    ),
    DeadLettersAlarm: alarm(
      'DeadLetters',
      'Events could not be handled. Each message of the queue says which and why; see docs/operations.md.',
      {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: dimensions({ QueueName: { 'Fn::GetAtt': ['DeadLetters', 'QueueName'] } }),
        Statistic: 'Maximum',
        Period: 300,
      },
    ),
  },
});
