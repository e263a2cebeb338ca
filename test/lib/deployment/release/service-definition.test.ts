import { describe, expect, it } from '@jest/globals';
import { decideUpdate, renderService, ServiceTemplate } from '#lib/deployment/release/service-definition.ts';
import { OURS, observedService, revision } from '../fixtures.ts';
import { underWay } from '../rollout/rolling.ts';
import { example } from './templates.ts';

describe('renderService', () => {
  it("creates the book's service with our revision, on the cluster and under the name of services.yml", () => {
    const book = ServiceTemplate.parse(example('services/webapp-service.json'));
    const target = { cluster: 'c', service: 's', taskDefinition: revision(7), clientToken: 't' };

    const rendered = renderService({ ...book, cluster: 'elsewhere' }, target);

    expect(rendered).toEqual({
      ...book,
      cluster: 'c',
      serviceName: 's',
      taskDefinition: revision(7),
      clientToken: 't',
    });
  });
});

describe('what UpdateService has to do', () => {
  it('creates a service that is not there', () => {
    expect(decideUpdate(undefined, revision(7), false)).toEqual({ act: 'create' });
  });

  it('updates to another revision', () => {
    expect(decideUpdate(observedService(), revision(8), false)).toEqual({ act: 'update', force: false });
  });

  it.each([
    ['settled', observedService()],
    ['on its way', underWay()],
  ])('leaves a revision alone that is primary already and %s', (_, service) => {
    expect(decideUpdate(service, revision(7), false)).toEqual({ act: 'nothing', deploymentId: OURS });
  });

  it('forces a new deployment of a revision that ECS has given up', () => {
    const service = underWay({ rolloutState: 'FAILED' });

    expect(decideUpdate(service, revision(7), false)).toEqual({ act: 'update', force: true });
  });

  it('forces one when re-driven, unless all is settled', () => {
    expect(decideUpdate(underWay(), revision(7), true)).toEqual({ act: 'update', force: true });
    expect(decideUpdate(observedService(), revision(7), true)).toEqual({
      act: 'nothing',
      deploymentId: OURS,
    });
  });
});
