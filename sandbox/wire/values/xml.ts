import { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '#sandbox/core/errors.ts';

const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';

function settings(xmlNamespace?: string) {
  return {
    timestampFormat: { useTrait: true, default: 5 as const },
    httpBindings: false,
    serviceNamespace: '',
    ...(xmlNamespace === undefined ? {} : { xmlNamespace }),
  };
}

/** Writes a structure as an XML document named as its schema is. */
export function writeXml(schema: NormalizedSchema, value: unknown, xmlNamespace?: string): string {
  const serializer = new XmlShapeSerializer(settings(xmlNamespace) as never);
  serializer.write(schema, value);
  return prolog + serializer.flush();
}

/** Reads an XML document's root as the SDK's value of a schema. */
export function readXml(schema: NormalizedSchema, body: Uint8Array): unknown {
  const deserializer = new XmlShapeDeserializer(settings() as never);
  deserializer.setSerdeContext({
    utf8Encoder: (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8'),
  } as never);
  try {
    return deserializer.read(schema, body);
  } catch (error) {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
      { fields: { cause: String(error) } },
    );
  }
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
