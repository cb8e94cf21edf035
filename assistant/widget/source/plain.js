/**
 * Plain data as JSON. An old library's `toJSON` on arrays or objects would make strings of them in
 * JSON.stringify, and some pages have a JSON of their own.
 */

/** @param {string} character */
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** @param {unknown} value strings, numbers, booleans, null, and arrays and records of them @returns {string} */
export const asJson = (value) => {
  if (typeof value === 'string') return `"${value.replace(/["\\\0-\x1f]/g, escaped)}"`;
  if (Array.isArray(value)) return `[${value.map((item) => asJson(item)).join()}]`;
  if (typeof value !== 'object' || !value) return String(value);
  return `{${Object.entries(value).map(([name, item]) => `${asJson(name)}:${asJson(item)}`).join()}}`;
};
