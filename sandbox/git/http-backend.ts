import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from './command.ts';

/**
 * Git's smart HTTP protocol as git itself serves it: `git http-backend`, a CGI program (RFC 3875). `path` is
 * the part of the URL below the folder of repositories, `/webapp.git/info/refs`.
 */
export async function serveRepository(
  root: string,
  path: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const child = spawn('git', ['http-backend'], {
    env: { ...gitEnvironment(), ...cgiVariables(root, path, query, request) },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const started = once(child, 'spawn');
  // A client that hangs up ends the program; a program that ends early lets the rest of the body fall.
  response.once('close', () => child.kill());
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  await started;
  await forward(child.stdout, response);
}

function cgiVariables(
  root: string,
  path: string,
  query: string,
  { method, headers, socket }: IncomingMessage,
) {
  return {
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: method ?? 'GET',
    PATH_INFO: path,
    QUERY_STRING: query,
    REMOTE_ADDR: socket.remoteAddress ?? '',
    CONTENT_TYPE: headers['content-type'] ?? '',
    ...(headers['content-length'] ? { CONTENT_LENGTH: headers['content-length'] } : {}),
    ...(headers['content-encoding'] ? { HTTP_CONTENT_ENCODING: headers['content-encoding'] } : {}),
    ...(typeof headers['git-protocol'] === 'string' ? { GIT_PROTOCOL: headers['git-protocol'] } : {}),
  };
}

/** A CGI answer is headers, an empty line, and the body; `Status` is the HTTP status where it is not 200. */
async function forward(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  let head = Buffer.alloc(0);
  for await (const chunk of output) {
    if (response.headersSent) {
      response.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) continue;
    writeHead(head.subarray(0, end).toString('latin1'), response);
    response.write(head.subarray(end + 4));
  }
  if (!response.headersSent) response.writeHead(500);
  response.end();
}

function writeHead(text: string, response: ServerResponse): void {
  let status = 200;
  for (const line of text.split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*(.*)/s);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}
