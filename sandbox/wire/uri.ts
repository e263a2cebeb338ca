import { decode, queryParameters, type WireRequest } from './messages.ts';
import type { OperationModel, ServiceModel } from './model.ts';

interface Binding {
  operation: OperationModel;
  method: string;
  path: RegExp;
  labels: string[];
  /** Query parameters that the URI pattern itself has: `?list-type=2`, `?delete`. */
  literals: [name: string, value: string][];
  /** Headers and query parameters without which it is another operation: x-amz-copy-source, uploadId. */
  requiredHeaders: string[];
  requiredQuery: string[];
}

export interface Found {
  operation: OperationModel;
  labels: Record<string, string>;
}

const bindings = new WeakMap<ServiceModel, Binding[]>();

/** The operation whose HTTP binding the request fits, the most particular one first. */
export function findBinding(service: ServiceModel, request: WireRequest): Found | undefined {
  let all = bindings.get(service);
  if (!all) {
    all = [...service.operations.values()]
      .filter(({ http }) => http !== undefined)
      .map((operation) => toBinding(operation, service.protocol === 'restXml'))
      .sort((a, b) => particularity(b) - particularity(a));
    bindings.set(service, all);
  }
  const query = new Map(queryParameters(request.query));
  const found = all
    .filter(({ method, path }) => method === request.method && path.test(request.path))
    .filter((binding) => fits(binding, query, request.headers));
  // The SDK names the operation in `x-id` where the patterns alone would not tell it; other clients do not.
  const binding =
    found.find(({ operation }) => operation.name === query.get('x-id')) ?? mostParticular(service, found);
  if (!binding) return undefined;
  const match = binding.path.exec(request.path) ?? [];
  const labels = binding.labels.map((name, index) => [name, decode(match[index + 1] ?? '')]);
  return { operation: binding.operation, labels: Object.fromEntries(labels) };
}

/** The first of the most particular ones, and of those that are equal the one that the service serves. */
function mostParticular(service: ServiceModel, found: Binding[]): Binding | undefined {
  const [first] = found;
  if (!first) return undefined;
  const equals = found.filter((binding) => particularity(binding) === particularity(first));
  return equals.find(({ operation }) => operation.name in service.definition.operations) ?? first;
}

/**
 * The SDK leaves the bucket out of S3's patterns, because its endpoint rules put it into the host or the path.
 * Requests come here in path style, so it is put back wherever the operation has one.
 */
function toBinding(operation: OperationModel, hasBuckets: boolean): Binding {
  const [method = '', uri = ''] = operation.http ?? [];
  const [path = '', query = ''] = uri.split('?');
  const members = operation.input.isStructSchema() ? operation.input.getMemberSchemas() : {};
  const inBucket = hasBuckets && members.Bucket?.getMergedTraits().httpLabel && !path.includes('{Bucket}');
  const labels: string[] = [];
  const full = inBucket ? `/{Bucket}${path}` : path;
  const pattern = full
    .split('/')
    .map((segment) => {
      const label = /^\{(\w+)(\+?)\}$/.exec(segment);
      if (!label) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      labels.push(label[1] ?? '');
      return label[2] === '+' ? '(.+)' : '([^/]+)';
    })
    .join('/');
  const required = operation.required.map((name) => members[name]?.getMergedTraits() ?? {});
  return {
    operation,
    method,
    path: new RegExp(`^${pattern.replace(/\/$/, '')}/?$`, 's'),
    labels,
    literals: queryParameters(query).filter(([name]) => name !== 'x-id'),
    requiredHeaders: required.flatMap(({ httpHeader }) => (httpHeader ? [httpHeader.toLowerCase()] : [])),
    requiredQuery: required.flatMap(({ httpQuery }) => (httpQuery ? [httpQuery] : [])),
  };
}

function fits(binding: Binding, query: Map<string, string>, headers: Record<string, string>): boolean {
  return (
    binding.literals.every(
      ([name, value]) => query.has(name) && (value === '' || query.get(name) === value),
    ) &&
    binding.requiredQuery.every((name) => query.has(name)) &&
    binding.requiredHeaders.every((name) => headers[name] !== undefined)
  );
}

/** Literal segments and query parameters outweigh labels: /functions/{name}/code before /functions/{name+}. */
function particularity({ literals, requiredHeaders, requiredQuery, path, labels }: Binding): number {
  const conditions = literals.length + requiredHeaders.length + requiredQuery.length;
  return conditions * 1000 + path.source.length - labels.length * 20;
}
