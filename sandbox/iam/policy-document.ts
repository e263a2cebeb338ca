/** A policy document in the IAM policy language. */
export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: Statement[];
}

type OneOrMore = string | string[];

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action?: OneOrMore;
  NotAction?: OneOrMore;
  Resource?: OneOrMore;
  NotResource?: OneOrMore;
  Principal?: '*' | Record<string, OneOrMore>;
  Condition?: Record<string, Record<string, OneOrMore | boolean | number>>;
}
