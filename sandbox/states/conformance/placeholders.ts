import { deepEqual, isObject, type Json, parseJson } from '../json.ts';

/** Names that stand for a point in time where the recording was scrubbed. */
const TIME_WORDS = new Set(['date', 'timestamp', 'datetime', 'start-time', 'entered-time']);
/** Anything that looks like a date and a time: what AWS refused as one was scrubbed too. */
const TIME = /^\d{2,4}-\d{2}-\d{2,4}[T ][\d:.]+(?:Z|[+-]\d{2}:\d{2})?$/;

/**
 * Whether a value is what was recorded. Placeholders match what they stand for, JSON texts match whatever their
 * spelling, and a recorded value may be the decoded form of the text that the engine wrote.
 */
export function sameValue(recorded: Json | undefined, actual: Json | undefined): boolean {
  if (typeof recorded === 'string' && typeof actual === 'string') return sameText(recorded, actual);
  if (typeof recorded === 'string') return isNumberWord(recorded) && typeof actual === 'number';
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    return (
      recorded.length === actual.length && recorded.every((item, index) => sameValue(item, actual[index]))
    );
  }
  if (isObject(recorded) && isObject(actual)) {
    const keys = Object.keys(recorded);
    return (
      keys.length === Object.keys(actual).length &&
      keys.every((key) => Object.hasOwn(actual, key) && sameValue(recorded[key], actual[key]))
    );
  }
  return deepEqual(recorded, actual);
}

/** Whether a JSON text that the engine wrote is what was recorded, decoded or not. */
export function sameJsonText(recorded: Json | undefined, text: Json | undefined): boolean {
  if (typeof recorded === 'string' && sameValue(recorded, text)) return true;
  if (typeof text !== 'string') return false;
  const actual = parseJson(text);
  if (actual !== undefined && sameValue(recorded, actual)) return true;
  const decoded = typeof recorded === 'string' ? parseJson(recorded) : undefined;
  return decoded !== undefined && actual !== undefined && sameValue(decoded, actual);
}

function sameText(recorded: string, actual: string): boolean {
  if (recorded === actual) return true;
  if (TIME_WORDS.has(recorded)) return TIME.test(actual);
  if (/^\w+EventDetails\.\w+$/.test(recorded)) return true;
  if (placeholderPattern(recorded).test(anonymous(actual))) return true;
  const [left, right] = [parseJson(recorded), parseJson(actual)];
  const compound = (value: Json | undefined) => Array.isArray(value) || isObject(value);
  if (compound(left) && compound(right)) return sameValue(left, right);
  // A string inside an assigned variable, say: JSON text of a scrubbed string.
  return typeof left === 'string' && typeof right === 'string' && sameText(left, right);
}

function isNumberWord(recorded: string): boolean {
  return /^[A-Za-z]*random[A-Za-z]*$/i.test(recorded);
}

/** `<anything>` matches anything; function names in ARNs were scrubbed by other names than the definitions'. */
function placeholderPattern(recorded: string): RegExp {
  const parts = anonymous(recorded).split(/<[^<>\s]+>/);
  return new RegExp(
    `^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\S]*')}$`,
  );
}

const FUNCTION_ARN = /arn:[^:\s]+:lambda:[^:\s]+:\d+:function:(?:<[^<>\s]+>|[\w-])+/g;

function anonymous(text: string): string {
  return text.replace(FUNCTION_ARN, 'FUNCTION_ARN');
}
