import { describe, expect, it } from '@jest/globals';
import { CliError } from '#cli/errors.ts';
import { renderError } from '#cli/render/error.ts';
import { plain } from '../context.ts';

describe('an error', () => {
  it('is its name, why, and what to do', () => {
    const error = new CliError('ServiceFrozen', 'The service is frozen.', {
      exitCode: 1,
      remedy: 'See also: landfall status webapp',
    });

    expect(renderError(error, plain)).toBe(
      'ServiceFrozen: The service is frozen.\nSee also: landfall status webapp\n',
    );
  });

  it("that is the command's own fault has no stack", () => {
    expect(renderError(new TypeError('x is undefined'), plain)).toBe(
      'InternalError: the landfall command is at fault: x is undefined\n',
    );
  });
});
