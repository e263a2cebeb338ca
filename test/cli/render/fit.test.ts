import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { cutToWidth } from '#cli/render/fit.ts';

describe('a line that is cut to a width', () => {
  it('counts colours for nothing, and ends them behind the ellipsis', () => {
    const { red } = pc.createColors(true);

    expect(cutToWidth(`a ${red('bcdef')}`, 5)).toBe(`a ${red('bc…')}`);
    expect(cutToWidth(red('bcdef'), 5)).toBe(red('bcdef'));
  });
});
