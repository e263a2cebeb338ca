// services.yml as the packaging sees it: one place that reads it for the CloudFormation side.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('yaml');

const services = parse(readFileSync(join(__dirname, '..', 'services.yml'), 'utf8')) ?? {};

/** [{ name, ...entry }] */
module.exports.services = Object.entries(services).map(([name, entry]) => ({ name, ...entry }));

/** webapp-api → WebappApi: CloudFormation's logical ids are alphanumeric. */
module.exports.logicalName = (name) =>
  name
    .split(/[^0-9A-Za-z]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
