import type {
  ListAccountSettingsRequest,
  ListAccountSettingsResponse,
  PutAccountSettingRequest,
  PutAccountSettingResponse,
  SettingName,
} from '@aws-sdk/client-ecs';
import type { OperationContext } from '#sandbox/core/service.ts';
import { invalidParameter } from '../errors.ts';
import { paginate } from '../paginate.ts';
import type { Ecs } from '../state.ts';

/** Every account of today has the long ARN formats, and cannot go back. */
const defaults: Partial<Record<SettingName, string>> = {
  serviceLongArnFormat: 'enabled',
  taskLongArnFormat: 'enabled',
  containerInstanceLongArnFormat: 'enabled',
  awsvpcTrunking: 'disabled',
  containerInsights: 'disabled',
};

/** PutAccountSetting and PutAccountSettingDefault: this sandbox has one account and does not tell its users apart. */
export const putAccountSetting =
  (ecs: Ecs) =>
  (input: PutAccountSettingRequest, { caller }: OperationContext): PutAccountSettingResponse => {
    const { name, value } = input;
    if (!name || !(name in defaults)) throw invalidParameter(`The setting ${name} is not known.`);
    if (name.endsWith('LongArnFormat') && value !== 'enabled') {
      throw invalidParameter(`The setting ${name} cannot be disabled.`);
    }
    ecs.accountSettings.set(name, value ?? '');
    return { setting: { name, value, principalArn: caller.arn } };
  };

export const listAccountSettings =
  (ecs: Ecs) =>
  (input: ListAccountSettingsRequest, { caller }: OperationContext): ListAccountSettingsResponse => {
    const all = { ...(input.effectiveSettings ? defaults : {}), ...Object.fromEntries(ecs.accountSettings) };
    const settings = Object.entries(all)
      .filter(([name, value]) => (input.name ?? name) === name && (input.value ?? value) === value)
      .map(([name, value]) => ({ name: name as SettingName, value, principalArn: caller.arn }));
    const { page, nextToken } = paginate(settings, input, 10);
    return { settings: page, nextToken };
  };
