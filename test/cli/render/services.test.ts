import { describe, expect, it } from '@jest/globals';
import { renderServices } from '#cli/render/services.ts';
import { plain } from '../context.ts';
import { idle } from '../fixtures.ts';
import { NOW, rolling } from './rolling.ts';

describe('a service', () => {
  it('has a line in the list', () => {
    const frozen = { ...rolling, service: 'shop', claim: null };

    expect(renderServices([rolling, frozen, { ...idle, service: 'api' }], NOW, plain)).toBe(`\
SERVICE  RUNS                        LAST KNOWN GOOD           STATE                                                                                  LAST DEPLOYMENT
webapp   webapp:8 1/3, webapp:7 3/3  webapp:7, 2 h 00 min ago  deploying webapp-0123456789ab-8                                                        –
shop     webapp:8 1/3, webapp:7 3/3  webapp:7, 2 h 00 min ago  failing: a task failed 11 s ago; not the last known good (webapp:7); frozen: the sale  –
api      –                           –                         ready                                                                                  –
`);
  });
});
