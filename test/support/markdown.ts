import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import { lexer, type Token, type Tokens } from 'marked';
import { root } from './wiring.ts';

/** The pages that people read, taken apart: their sentences, their links and the anchors of their titles. */

/** Paths of all pages, from the root. */
export const pages: string[] = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
}).sort();

export interface Page {
  /** Sentences of paragraphs and of list items. */
  sentences: string[];
  /** Sentences in the cells of tables, most of which are no whole sentences. */
  cells: string[];
  /** Targets of links and images, as they are written. */
  links: string[];
  /** Anchors that GitHub gives the titles. */
  anchors: Set<string>;
}

/** Takes the page at `path`, relative to the root, apart. */
export const readPage = (path: string): Page => takeApart(readFileSync(join(root, path), 'utf8'));

/** Takes a page of GitHub's Markdown apart. Code counts neither as a sentence nor as a link. */
export function takeApart(markdown: string): Page {
  const page: Page = { sentences: [], cells: [], links: [], anchors: new Set() };
  const slugger = new GithubSlugger();
  visit(lexer(markdown));
  return page;

  function visit(tokens: Token[]): void {
    for (const token of tokens) {
      if (token.type === 'heading') page.anchors.add(slugger.slug(wordsOf(token.tokens ?? [], codeAsIs)));
      if (token.type === 'paragraph' || (token.type === 'text' && token.tokens !== undefined))
        page.sentences.push(...sentencesOf(token.tokens ?? []));
      if (token.type === 'table') {
        const { header, rows } = token as Tokens.Table;
        for (const cell of [header, ...rows].flat()) {
          page.cells.push(...sentencesOf(cell.tokens));
          visit(cell.tokens);
        }
      } else if (token.type === 'list') {
        for (const item of (token as Tokens.List).items) visit(item.tokens);
      } else if (token.type === 'link' || token.type === 'image') page.links.push(token.href);
      else if ('tokens' in token && token.tokens !== undefined) visit(token.tokens);
    }
  }
}

/** How many words a sentence has: what has a letter or a digit in it. */
export const wordCount = (sentence: string): number =>
  sentence.split(/\s+/).filter((part) => /[\p{Letter}\p{Number}]/u.test(part)).length;

const codeAsIs = (code: string) => code;
/** A command is one name, however many parts it has. It begins a sentence as a word with a capital letter does. */
const codeAsWord = () => 'CODE';

function wordsOf(tokens: Token[], code: (text: string) => string): string {
  return tokens
    .map((token) => {
      if (token.type === 'codespan') return code(token.text);
      if (token.type === 'br') return ' ';
      if (token.type === 'html') return '';
      if ('tokens' in token && token.tokens !== undefined) return wordsOf(token.tokens, code);
      return 'text' in token ? token.text : '';
    })
    .join('');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

function sentencesOf(tokens: Token[]): string[] {
  const text = wordsOf(isLabel(tokens[0]) ? tokens.slice(1) : tokens, codeAsWord).replaceAll(/\s+/g, ' ');
  return [...segmenter.segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => wordCount(sentence) > 0);
}

/** `**What to do:**` at the beginning is a title, not part of the sentence. */
const isLabel = (token: Token | undefined) => token?.type === 'strong' && /[.:]$/.test(token.text);
