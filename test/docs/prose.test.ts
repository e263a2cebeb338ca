import { describe, expect, it } from '@jest/globals';
import { pages, readPage, takeApart, wordCount } from '#test/support/markdown.ts';

const MEDIAN_WORDS = 12;
const MOST_WORDS = 30;

/** Pages that are not held to it, and why. */
const EXEMPT: Record<string, string> = {
  'README.md': 'it is being written anew',
  'docs/fault-matrix.md': 'npm run fault-matrix writes it',
};

const held = pages.filter((page) => !(page in EXEMPT));

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

describe('the prose', () => {
  it('is that of pages that there are', () => {
    expect(pages).toEqual(expect.arrayContaining([...Object.keys(EXEMPT), 'docs/runbook.md']));
  });

  it.each(held)('%s: has no sentence over 30 words', (page) => {
    const { sentences, cells } = readPage(page);

    const tooLong = [...sentences, ...cells]
      .map((sentence) => ({ words: wordCount(sentence), sentence }))
      .filter(({ words }) => words > MOST_WORDS);

    expect(tooLong).toEqual([]);
  });

  it.each(held)('%s: has sentences of 12 words in the median', (page) => {
    expect(median(readPage(page).sentences.map(wordCount))).toBeLessThanOrEqual(MEDIAN_WORDS);
  });
});

describe('a page taken apart', () => {
  it('gives the sentences of paragraphs and of list items, each with its words', () => {
    const { sentences } = takeApart(
      'One *two*.\nThree [four](five.md)!\n\n- **Label:** six `seven eight`. `nine` ten\n  1. eleven\n',
    );

    expect(sentences).toEqual(['One two.', 'Three four!', 'six CODE.', 'CODE ten', 'eleven']);
    expect(sentences.map(wordCount)).toEqual([2, 2, 2, 2, 1]);
  });

  it('gives the cells of tables apart, and neither titles nor code', () => {
    const { sentences, cells } = takeApart(
      '# A title\n\n| a b | c |\n| --- | --- |\n| d. E | – |\n\n```\nf g\n```\n',
    );

    expect(sentences).toEqual([]);
    expect(cells).toEqual(['a b', 'c', 'd.', 'E']);
  });
});
