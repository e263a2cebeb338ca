import { describe, expect, it } from '@jest/globals';
import { dropRedrive, noteRedrive } from '#lib/deployment/record/redrive-request.ts';
import { ended, record } from './fixtures.ts';

describe('who asks for a redrive', () => {
  it('is noted under the number of the run that is to begin, beside those of the runs before', () => {
    const before = ended({ redriveCount: 1, redriveRequestedBy: { 1: 'Ann' } });

    expect(noteRedrive(before, 1, 'Bob')).toEqual({
      item: { ...before, redriveRequestedBy: { 1: 'Ann', 2: 'Bob' } },
      isNoted: true,
    });
  });

  it.each([
    ['the run is under way', record()],
    ['a later run is over', ended({ redriveCount: 1 })],
    ['somebody has asked before', ended({ redriveRequestedBy: { 1: 'Ann' } })],
    ['there is no record', undefined],
  ])('is not noted where %s', (_, before) => {
    const noted = noteRedrive(before, 0, 'Bob');

    expect(noted.isNoted).toBe(false);
    expect(noted.item).toBe(before);
  });

  it('is taken back where Step Functions refused the run', () => {
    const before = ended({ redriveCount: 1, redriveRequestedBy: { 1: 'Ann', 2: 'Bob' } });

    expect(dropRedrive(before, 1)).toEqual({ item: { ...before, redriveRequestedBy: { 1: 'Ann' } } });
  });

  it.each([
    ['the run has begun', record({ redriveCount: 1, redriveRequestedBy: { 1: 'Ann' } })],
    ['it is over', ended({ redriveCount: 1, redriveRequestedBy: { 1: 'Ann' } })],
    ['there is no record', undefined],
  ])('is not taken back once %s', (_, before) => {
    expect(dropRedrive(before, 0).item).toBe(before);
  });
});
