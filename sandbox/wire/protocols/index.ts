import type { ServiceModel } from '../model.ts';
import { awsJson } from './aws-json.ts';
import type { Protocol } from './protocol.ts';
import { awsQuery, ec2Query } from './query.ts';
import { restJson } from './rest-json.ts';
import { restXml } from './rest-xml.ts';

const protocols: Record<ServiceModel['protocol'], Protocol> = {
  awsJson1_0: awsJson,
  awsJson1_1: awsJson,
  awsQuery,
  ec2Query,
  restJson1: restJson,
  restXml,
};

/** The protocol that a service speaks. */
export function protocolOf(service: ServiceModel): Protocol {
  return protocols[service.protocol];
}
