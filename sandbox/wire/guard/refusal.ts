import type { IncomingMessage } from 'node:http';
import { queryParameters } from '../messages.ts';
import { hostName, isLoopback } from './host.ts';

/**
 * Why a request may not enter, as sentences for its sender; undefined where it may. Whoever reaches the sandbox may run
 * code here, with credentials that are published. Programs of this machine may: they can do so anyway. Web pages
 * may not, and every page that the developer's browser shows can send requests to the loopback.
 */
export function refusalOf(request: IncomingMessage, allowedHosts: ReadonlySet<string>): string | undefined {
  return refusedTarget(request) ?? refusedHost(request, allowedHosts) ?? refusedPage(request);
}

/** A target that names a host of its own (`GET http://name/`) is for a proxy, and would make the Host header void. */
function refusedTarget({ url = '' }: IncomingMessage): string | undefined {
  if (url.startsWith('/')) return undefined;
  return 'Forbidden: the request is for a proxy, which the sandbox is not. Ask for a path that begins with "/".';
}

/**
 * DNS rebinding: a page of attacker.example lets its name mean 127.0.0.1 once it is loaded. To the browser the
 * sandbox is then that page's own server, and only the Host header tells the difference.
 */
function refusedHost(request: IncomingMessage, allowedHosts: ReadonlySet<string>): string | undefined {
  const host = request.headers.host ?? '';
  const name = hostName(host);
  if (name !== undefined && (isLoopback(name) || allowedHosts.has(name))) return undefined;
  const said = name === undefined ? 'names no host' : `is for ${JSON.stringify(host)}`;
  const option = name === undefined ? '' : `, or start it with --allow-host ${name}`;
  return (
    `Forbidden: the request ${said}. The sandbox answers to names of the loopback alone, ` +
    `because a web page can make any other name mean this machine. Use ${ownAddress(request)}${option}.`
  );
}

/** What browsers say of a request's sender (Fetch Metadata, and the Origin of Fetch), which no page can forge. */
function refusedPage(request: IncomingMessage): string | undefined {
  const { origin, 'sec-fetch-site': site, 'user-agent': agent = '', host } = request.headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return ofPage(`Sec-Fetch-Site: ${site}`);
  if (origin !== undefined && !isOwn(origin, host)) return ofPage(`Origin: ${origin}`);
  // Sent to https and to the loopback only, and by no browser of before 2023: an image of a page is then like a program.
  if (site === undefined && agent.startsWith('Mozilla/')) {
    return (
      'Forbidden: a browser has sent the request and does not say from where (Sec-Fetch-Site). ' +
      `Open ${ownAddress(request)} with a current browser, or use another client.`
    );
  }
  if (site === 'none' && changesSomething(request)) {
    return (
      'Forbidden: a browser opened this address, which would call an operation. ' +
      'A link or a redirect may have led it here. Call the operation with an AWS client.'
    );
  }
  return undefined;
}

function ofPage(mark: string): string {
  return (
    `Forbidden: a web page of another origin has sent the request (${mark}). ` +
    'It could run code here, so the sandbox serves no page but its own. ' +
    'Send it from a terminal or a server, or open the address in the browser yourself.'
  );
}

/** The very scheme, host and port that the request was sent to. Another port of this machine is another origin. */
function isOwn(origin: string, host = ''): boolean {
  return origin.toLowerCase() === `http://${host.toLowerCase()}`;
}

/**
 * What a person opens is `none`, and so it stays when the server behind a link in a mail redirects to the sandbox.
 * Of what a GET can ask, the operations of the query protocol alone change anything.
 */
function changesSomething({ method, url = '' }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return true;
  const [, query = ''] = url.split(/\?(.*)/s);
  return queryParameters(query).some(([name]) => name === 'Action');
}

const ownAddress = ({ socket }: IncomingMessage) => `http://127.0.0.1:${socket.localPort}`;
