import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '#sandbox/core/errors.ts';
import { decoder, encoder, queryParameters, type WireRequest, type WireResponse } from '../messages.ts';
import type { OperationModel } from '../model.ts';
import { formTree, readForm } from '../values/form.ts';
import { escapeXml, writeXml } from '../values/xml.ts';
import { errorStatus, type Protocol } from './protocol.ts';

/** The fields of a query request: its form, and its URL's parameters. */
export function formFields(request: WireRequest): [name: string, value: string][] {
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? queryParameters(decoder.decode(request.body).trim().replaceAll('+', '%20'))
    : [];
  return [...queryParameters(request.query), ...form];
}

/** awsQuery: a form with Action and Version, answered by XML. */
export const awsQuery: Protocol = {
  read({ operation }, request) {
    return readForm(operation.input, formTree(formFields(request)), 'awsQuery') as Record<string, unknown>;
  },
  write({ service, operation }, output, requestId) {
    const value = { [`${operation.name}Result`]: output, ResponseMetadata: { RequestId: requestId } };
    return respond(200, writeXml(queryAnswer(operation), value, service.xmlNamespace), requestId);
  },
  writeError(service, error, requestId) {
    const status = errorStatus(service, error);
    const code = service.errors.get(error.code)?.queryCode ?? error.code;
    const xml =
      `<ErrorResponse xmlns="${service.xmlNamespace ?? ''}"><Error>` +
      `<Type>${status >= 500 ? 'Receiver' : 'Sender'}</Type><Code>${escapeXml(code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return respond(status, xml, requestId);
  },
  unknownOperation(service, name) {
    return new AwsError('InvalidAction', `Could not find operation ${name} for version ${service.version}`);
  },
};

/** ec2Query: flat lists, capitalised names, no result element, and error documents of its own. */
export const ec2Query: Protocol = {
  read({ operation }, request) {
    return readForm(operation.input, formTree(formFields(request)), 'ec2Query') as Record<string, unknown>;
  },
  write({ service, operation }, output, requestId) {
    return respond(
      200,
      writeXml(ec2Answer(operation), { ...output, requestId }, service.xmlNamespace),
      requestId,
    );
  },
  writeError(service, error, requestId) {
    const xml =
      `<Response><Errors><Error><Code>${escapeXml(error.code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`;
    return respond(errorStatus(service, error), xml, requestId);
  },
  unknownOperation(_service, name) {
    return new AwsError('InvalidAction', `The action ${name} is not valid for this web service.`);
  },
};

const responseMetadata = [3, 'sandbox', 'ResponseMetadata', 0, ['RequestId'], [0]];

/** `<OperationResponse><OperationResult>…`: a schema made of the output's, so that one writer writes both. */
function queryAnswer(operation: OperationModel): NormalizedSchema {
  const [names, schemas]: [string[], unknown[]] = operation.output.isUnitSchema()
    ? [['ResponseMetadata'], [() => responseMetadata]]
    : [
        [`${operation.name}Result`, 'ResponseMetadata'],
        [() => operation.output.getSchema(), () => responseMetadata],
      ];
  return NormalizedSchema.of([3, 'sandbox', `${operation.name}Response`, 0, names, schemas] as never);
}

function ec2Answer(operation: OperationModel): NormalizedSchema {
  const [names, schemas]: [string[], unknown[]] = operation.output.isUnitSchema()
    ? [[], []]
    : ((operation.output.getSchema() as unknown as [0, 0, 0, 0, string[], unknown[]]).slice(4, 6) as [
        string[],
        unknown[],
      ]);
  return NormalizedSchema.of([
    3,
    'sandbox',
    `${operation.name}Response`,
    0,
    ['requestId', ...names],
    [0, ...schemas],
  ] as never);
}

function respond(statusCode: number, xml: string, requestId: string): WireResponse {
  return {
    statusCode,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: encoder.encode(xml),
  };
}
