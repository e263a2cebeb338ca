import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pages, takeApart } from '#test/support/markdown.ts';
import { root } from '#test/support/wiring.ts';

/**
 * The links of `markdown`, a page at `path` from the root, that lead nowhere in the repository. Links to the web are
 * let be: nothing here needs a network.
 */
function brokenLinks(path: string, markdown: string): string[] {
  return takeApart(markdown).links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    if (file === '') return !hasTitle(markdown, anchor);
    const target = join(root, dirname(path), decodeURIComponent(file));
    return !existsSync(target) || (anchor !== undefined && !hasTitle(readFileSync(target, 'utf8'), anchor));
  });
}

const hasTitle = (markdown: string, anchor = '') => takeApart(markdown).anchors.has(anchor);

describe('the links', () => {
  it.each(pages)('of %s lead to files and titles that there are', (page) => {
    expect(brokenLinks(page, readFileSync(join(root, page), 'utf8'))).toEqual([]);
  });

  it('are found broken where the file, the title, or the file from this folder is missing', () => {
    const page = [
      '# One `two`, three!',
      '[a title](#one-two-three), [a file](cli.md), [its title](runbook.md#how-to-redrive), [web](https://a.example/b)',
      '[no title](#one), [no file](../cli.md), [no title there](runbook.md#one)',
      '| [no image](none.png) | `[code](none.md)` |\n| --- | --- |',
    ].join('\n\n');

    expect(brokenLinks('docs/page.md', page)).toEqual(['#one', '../cli.md', 'runbook.md#one', 'none.png']);
  });
});
