import { describe, expect, it } from '@jest/globals';
import { createMetric, METRICS, secondsBetween } from '#lib/deployment/notify/metrics.ts';

describe('a metric', () => {
  it('has its name, its value and its dimensions', () => {
    expect(createMetric('LeadTime', 7, { service: 'webapp' })).toEqual({
      name: 'LeadTime',
      value: 7,
      dimensions: { service: 'webapp' },
    });
  });

  it.each(Object.entries(METRICS))(
    '%s is of a service, in a unit of CloudWatch',
    (_, { dimensions, unit }) => {
      expect(dimensions[0]).toBe('service');
      expect(['Count', 'Seconds']).toContain(unit);
    },
  );
});

describe('the time between two moments', () => {
  it('is in seconds, and never negative where clocks differ', () => {
    expect(secondsBetween(1_000, 3_500)).toBe(2.5);
    expect(secondsBetween(3_500, 1_000)).toBe(0);
  });
});
