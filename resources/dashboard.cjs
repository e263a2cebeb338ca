// One dashboard: for each service the four DORA metrics, then what its deployments do; at the end what a person on call
// looks at first when Landfall itself does not do its work.
const { REGION, own, services } = require('./metrics.cjs');

const DAY = 86_400;
const sub = (text) => ({ 'Fn::Sub': text });

const text = (y, markdown) => ({ type: 'text', x: 0, y, width: 24, height: 1, properties: { markdown } });

const widget = (x, y, width, height, properties) => ({
  type: 'metric',
  x,
  y,
  width,
  height,
  properties: { region: REGION, ...properties },
});

/** Over the last seven days, whatever the dashboard shows: a period of a week would begin with the calendar's. */
const number = (x, y, title, metrics) =>
  widget(x, y, 6, 4, {
    view: 'singleValue',
    title,
    start: '-P7D',
    end: 'P0D',
    setPeriodToTimeRange: true,
    period: DAY,
    metrics,
  });
const graph = (x, y, title, properties) => widget(x, y, 8, 6, { view: 'timeSeries', title, ...properties });

/** A metric that is counted in seconds, shown in minutes. */
const inMinutes = (id, metric, label) => [
  [...metric.slice(0, -1), { ...metric.at(-1), id, visible: false }],
  [{ expression: `${id} / 60`, label, id: `${id}Minutes` }],
];

/** The four metrics, as DORA defines them, over a week. */
const dora = (service, y) => [
  number(0, y, 'Deployment frequency: went live a week', [
    own('Deployments', { service, status: 'SUCCEEDED' }, { stat: 'Sum', label: 'live' }),
  ]),
  number(
    6,
    y,
    'Lead time for changes: build started to live, median',
    inMinutes('lead', own('LeadTime', { service }, { stat: 'p50' }), 'minutes'),
  ),
  number(12, y, 'Change failure rate', [
    own('Changes', { service }, { stat: 'Sum', id: 'changes', visible: false }),
    own('FailedChanges', { service }, { stat: 'Sum', id: 'failed', visible: false }),
    [{ expression: '100 * FILL(failed, 0) / changes', label: '%', id: 'rate' }],
  ]),
  number(
    18,
    y,
    'Time to restore: failed change to a good release, median',
    inMinutes('restore', own('TimeToRestore', { service }, { stat: 'p50' }), 'minutes'),
  ),
];

const search = (name, dimensions, service, stat) => [
  {
    expression: `SEARCH('{Landfall,${dimensions}} MetricName="${name}" service="${service}"', '${stat}')`,
    label: '',
    id: 'all',
  },
];

const details = (service, y) => [
  graph(0, y, 'Deployments by their end', {
    stacked: true,
    period: DAY,
    metrics: [search('Deployments', 'service,status', service, 'Sum')],
  }),
  graph(8, y, 'Failures by name', {
    stacked: true,
    period: DAY,
    metrics: [search('Failures', 'service,error', service, 'Sum')],
  }),
  graph(16, y, 'Duration by state, and in the queue (seconds)', {
    period: 3600,
    metrics: [
      search('StateDuration', 'service,state', service, 'Average'),
      own('Duration', { service }, { stat: 'p90', label: 'whole, p90' }),
      own('QueueTime', { service }, { stat: 'Maximum', label: 'queue, longest' }),
    ],
  }),
];

const HEIGHT = 1 + 4 + 6;

const ofService = ({ name }, index) => [
  text(index * HEIGHT, `## ${name}`),
  ...dora(name, index * HEIGHT + 1),
  ...details(name, index * HEIGHT + 5),
];

const ofLandfall = (y) => [
  text(y, '## Landfall itself'),
  graph(0, y + 1, 'Dead letters', {
    period: 300,
    metrics: [
      [
        'AWS/SQS',
        'ApproximateNumberOfMessagesVisible',
        'QueueName',
        '${DeadLetters.QueueName}',
        { stat: 'Maximum', label: 'waiting' },
      ],
    ],
  }),
  graph(8, y + 1, 'Errors of what handles events', {
    period: 300,
    metrics: ['ImageBuilt', 'EcsChanged', 'ExecutionEnded'].map((key) => [
      'AWS/Lambda',
      'Errors',
      'FunctionName',
      `\${${key}LambdaFunction}`,
      { stat: 'Sum' },
    ]),
  }),
  graph(16, y + 1, 'The claim has been held for (minutes)', {
    period: 60,
    metrics: services.flatMap(({ name }, index) =>
      inMinutes(`held${index}`, own('ClaimTime', { service: name }, { stat: 'Maximum' }), name),
    ),
  }),
];

const widgets = [...services.flatMap(ofService), ...ofLandfall(services.length * HEIGHT)];

module.exports.resources = () => ({
  Resources: {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: '${self:custom.stateMachine}',
        DashboardBody: sub(JSON.stringify({ start: '-P28D', periodOverride: 'inherit', widgets })),
      },
    },
  },
});
