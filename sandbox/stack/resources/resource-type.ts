import type { ServiceCalls } from '#sandbox/core/calls.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

export type Properties = Record<string, unknown>;

/** One resource to be created, its properties resolved. */
export interface ResourceRequest {
  logicalId: string;
  properties: Properties;
  services: ServiceCalls;
  context: SandboxContext;
  stackName: string;
  /** Where the deployment packages lie that the template names by their S3 key. */
  assetsDirectory: string;
  /** The name for a resource that declares none: stack, logical id and a random end, as CloudFormation makes it. */
  generatedName(maximumLength: number): string;
}

export interface CreatedResource {
  /** What Ref returns. */
  physicalId: string;
  /** What Fn::GetAtt returns, by attribute. */
  attributes?: Properties;
  /** Undoes the creation. */
  remove?: () => Promise<unknown>;
}

/** How one type of resource is created by calling its service's own operations. */
export interface ResourceType {
  /** The properties that reach the service; '*' where all are handed on as they are and the service judges them. */
  properties: readonly string[] | '*';
  /** Properties that have no effect on one machine. They are listed as recorded, not acted upon. */
  recorded?: readonly string[];
  create(request: ResourceRequest): Promise<CreatedResource>;
}
