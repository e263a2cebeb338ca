import { BlockList, isIP } from 'node:net';
import { invalidPattern, type ValueMatcher } from './value-matcher.ts';

/** cidr: an IPv4 or IPv6 address, or a block of them. */
export function compileCidr(argument: unknown): ValueMatcher {
  const [address = '', bits, ...more] = String(argument).split('/');
  const version = isIP(address);
  const longest = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? longest : Number(bits);
  if (version === 0 || more.length > 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > longest) {
    throw invalidPattern(`Malformed CIDR, one '/' required: ${argument}`);
  }
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const block = new BlockList();
  block.addSubnet(address, prefix, family);
  return (value) => typeof value === 'string' && isIP(value) === version && block.check(value, family);
}
