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
  for (const binding of all) {
    const match = binding.method === request.method ? binding.path.exec(request.path) : null;
    if (!match || !fits(binding, query, request.headers)) continue;
    const labels = binding.labels.map((name, index) => [name, decode(match[index + 1] ?? '')]);
    return { operation: binding.operation, labels: Object.fromEntries(labels) };
  }
  return undefined;
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
