import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readServices } from '#lib/operations/configuration.ts';
import { failureOf } from '../deployment/fixtures.ts';

describe('readServices', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'landfall-services-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['is missing', undefined],
    ['is not YAML', 'webapp: [unclosed'],
    ['is empty', ''],
  ])('says InvalidConfiguration when the file %s', (_, text) => {
    if (text !== undefined) writeFileSync(join(folder, 'services.yml'), text);

    expect(failureOf(() => readServices(folder)).name).toBe('InvalidConfiguration');
  });
});
