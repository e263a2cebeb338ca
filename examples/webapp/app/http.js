import { createServer } from 'node:http';
import { createArticle, listArticles } from './articles.js';
import { badRequest, methodNotAllowed, notFound, payloadTooLarge, RequestError } from './errors.js';

const BODY_LIMIT = 1024 * 1024;

const routes = {
  '/': { GET: async () => [200, { message: 'hello!' }] },
  '/articles': {
    GET: async ({ database }) => [200, await listArticles(database)],
    POST: async ({ database, request }) => [201, await createArticle(database, await readJson(request))],
  },
};

/** The application as an HTTP server, not listening yet. */
export function createApp(database) {
  const server = createServer(async (request, response) => {
    const [status, body, headers] = await answer(database, request);
    // A server that is closing keeps no connection open for the next request.
    if (!server.listening) response.setHeader('Connection', 'close');
    const text = JSON.stringify(body);
    response.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  });
  return server;
}

async function answer(database, request) {
  try {
    return await route(request)({ database, request });
  } catch (error) {
    if (error instanceof RequestError) return [error.status, error.body, error.headers];
    console.error(`${request.method} ${request.url}:`, error);
    return [500, { error: 'internal server error' }];
  }
}

function route(request) {
  const [pathname] = request.url.split('?', 1);
  const methods = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
  if (!methods) throw notFound();
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (!Object.hasOwn(methods, method)) throw methodNotAllowed(Object.keys(methods));
  return methods[method];
}

async function readJson(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw payloadTooLarge(BODY_LIMIT);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badRequest('the body is not valid JSON');
  }
}
