import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Api } from '#cli/client/api.ts';
import { createDisplay } from '#cli/following/display.ts';
import { createTestContext } from '../context.ts';

describe('the line below a picture that tells of trouble', () => {
  it('is cut where the terminal ends', () => {
    const { context, written } = createTestContext({} as Api, { isTTY: true, columns: 14, rows: 9 });
    const display = createDisplay<string>(context, { picture: (moment) => moment, news: () => [] });

    display.show('a picture');
    display.trouble('接続できません。また試みます。');
    const drawn = written.err;
    display.end();

    expect(stripVTControlCharacters(drawn)).toMatch(/^接続できませ…$/m);
  });
});
