// What needs a person. Each alarm tells the topics that deployments' ends go to (a chat knows CloudWatch's form by itself),
// and says what to do.
const { longest, services } = require('./figures.cjs');
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
      // No figure means that nothing has happened.
      TreatMissingData: 'notBreaching',
      AlarmActions: [ref('Topic'), ref('ChatTopic')],
      ...properties,
    },
  };
}

const dimensions = (values) => Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

const failure = (service, error, description) =>
  alarm(`${service}-${error}`, description, {
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
      `${name}: a deployment failed and so did the way back. See RollbackFailed in docs/runbook.md.`,
    ),
    [`${id}FunctionCrashedAlarm`]: failure(
      name,
      'FunctionCrashed',
      `${name}: a deployment failed because a function of Landfall crashed. See FunctionCrashed in docs/runbook.md.`,
    ),
    [`${id}StuckClaimAlarm`]: alarm(
      `${name}-StuckClaim`,
      `${name}: a deployment holds the claim for longer than all its deadlines together. Abort it, then redrive it.`,
      {
        Namespace: 'Landfall',
        MetricName: 'RunningTime',
        Dimensions: dimensions({ service: name }),
        Statistic: 'Maximum',
        Threshold: longest(entry),
      },
    ),
  };
};

const ofEvents = (key) =>
  alarm(
    `${key}-Errors`,
    `${key} fails on events. What it failed on three times is in the dead-letter queue.`,
    {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: dimensions({
        FunctionName: ref(`${key.charAt(0).toUpperCase()}${key.slice(1)}LambdaFunction`),
      }),
      Period: 300,
    },
  );

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
