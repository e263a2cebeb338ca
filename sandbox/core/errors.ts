/**
 * An error as an AWS service answers it. The wire layer writes it in the protocol of the service: `code` is
 * the error's name on the wire (`__type`, `<Code>`), `fields` its further members as the service's model
 * names them (ConflictException's `resourceIds`, say).
 */
export class AwsError extends Error {
  readonly code: string;
  readonly httpStatus: number;
  readonly fields: Record<string, unknown>;

  constructor(
    code: string,
    message: string,
    options: { httpStatus?: number; fields?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.httpStatus = options.httpStatus ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** What AWS can do and this sandbox cannot: said aloud, because a made-up success would be worse. */
export function notSupported(what: string, code = 'UnsupportedOperation'): AwsError {
  return new AwsError(code, `The sandbox does not support ${what}.`);
}
