/** What DynamoDB remembers of a table beside what dynalite does. */
export interface TableSettings {
  /** By the sandbox's clock: dynalite has only the machine's. */
  createdAt?: Date;
  /** The attribute that holds an item's expiry, while time to live is enabled. */
  ttlAttribute?: string;
  pointInTimeRecoverySince?: Date;
  encrypted: boolean;
  deletionProtection: boolean;
  tableClass?: string;
}

export type Settings = Map<string, TableSettings>;

export function newSettings(): TableSettings {
  return { encrypted: false, deletionProtection: false };
}

/** A table may be named by its ARN wherever its name is asked for. */
export function tableNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/')[1] ?? nameOrArn) : nameOrArn;
}
