import { unprocessable } from './errors.js';
import { slugOf } from './slug.js';

const COLUMNS = 'id, title, body, created_at, updated_at, slug';

export async function listArticles(database) {
  const { rows } = await database.query(`SELECT ${COLUMNS} FROM articles ORDER BY id`);
  return rows;
}

export async function createArticle(database, input) {
  const { title, body } = validated(input);
  const { rows } = await database.query(
    `INSERT INTO articles (title, body, slug) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
    [title, body, slugOf(title)],
  );
  return rows[0];
}

function validated(input) {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) {
    throw unprocessable({ base: ['must be a JSON object'] });
  }
  const errors = {};
  for (const name of ['title', 'body']) {
    const problem = problemOf(input[name]);
    if (problem) errors[name] = [problem];
  }
  if (!errors.title && slugOf(input.title) === '') errors.title = ['must hold a letter or a digit'];
  if (Object.keys(errors).length > 0) throw unprocessable(errors);
  return input;
}

function problemOf(value) {
  if (value === undefined || value === null) return "can't be blank";
  if (typeof value !== 'string') return 'must be a string';
  if (value.trim() === '') return "can't be blank";
  // PostgreSQL's text cannot hold it.
  if (value.includes('\0')) return 'must not contain a NUL character';
}
