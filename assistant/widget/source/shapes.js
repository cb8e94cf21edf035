/** What came over the wire, held against the shape it must have; anything else is an AskError. */
import { AskError } from './failures.js';

/** @param {unknown} ok anything the contract does not allow makes this false */
export const expect = (ok) => {
  if (!ok) throw new AskError('nonsense');
};

/** @param {unknown} value @returns {Record<string, unknown>} */
export const record = (value) => {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value));
  return /** @type {Record<string, unknown>} */ (value);
};

/** @param {unknown} value @returns {string} */
export const string = (value) => {
  expect(typeof value === 'string');
  return /** @type {string} */ (value);
};

/** @param {unknown} value @returns {number} */
export const count = (value) => {
  expect(Number.isSafeInteger(value) && Number(value) >= 0);
  return /** @type {number} */ (value);
};

/**
 * @template T
 * @param {unknown} value
 * @param {(item: unknown) => T} read
 * @returns {T[]}
 */
export const list = (value, read) => {
  expect(Array.isArray(value));
  return /** @type {unknown[]} */ (value).map(read);
};

/** @param {string} text @returns {unknown} */
export const json = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    throw new AskError('nonsense'); // no JSON, or a page whose JSON is another
  }
};
