// Saved queries of CloudWatch Logs Insights: all lines of one deployment of a service, its build's first, by the one id
// that they have in common (lib/deployment/correlation.ts).
const functions = Object.keys(require('./permissions.cjs'));
const { logicalName, services } = require('./services.cjs');

// Function lines carry the id. A build's lines are what its commands print: their stream is the build's UUID, and with
// the project's name before it that is the id.
const QUERY = `fields @timestamp, @log, level, message, error.name, error.message, @message
| parse @log "*:/aws/codebuild/*" as account, project
| fields concat(project, ":", @logStream) as build_id
| fields coalesce(correlation_id, build_id) as id
| filter id = "CORRELATION_ID"
| sort @timestamp asc
| limit 10000
`;

const groupOf = (key) => `${key.charAt(0).toUpperCase()}${key.slice(1)}LogGroup`;

const query = ({ name, source }) => ({
  Type: 'AWS::Logs::QueryDefinition',
  Properties: {
    // A slash makes a folder in the console.
    Name: `\${self:custom.stateMachine}/${name}`,
    QueryString: QUERY,
    LogGroupNames: [
      ...functions.map(groupOf),
      ...(source === undefined ? [] : [`${logicalName(name)}BuildLogs`]),
    ].map((group) => ({ Ref: group })),
  },
});

module.exports.resources = () => ({
  Resources: Object.fromEntries(
    services.map((service) => [`${logicalName(service.name)}Query`, query(service)]),
  ),
});
