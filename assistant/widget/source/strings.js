/** What the widget says, by language. */
import { CHINESE } from './chinese.js';
import { ENGLISH } from './english.js';

/** @typedef {typeof ENGLISH & {lang?: string}} Texts  lang: of the page around, not of these words */

/** @type {Map<string, Texts>} by lower-case BCP 47 tag */
const TABLES = new Map([
  ['en', ENGLISH],
  ['zh', CHINESE],
]);

/**
 * Adds a language, or changes some words of one; what is left out is said as before, or in English.
 * @param {string} lang a BCP 47 tag
 * @param {Partial<Texts>} texts
 */
export const addTexts = (lang, texts) => {
  const tag = lang.toLowerCase();
  TABLES.set(tag, { ...(TABLES.get(tag) ?? ENGLISH), ...texts });
};

/**
 * @param {string} lang a BCP 47 tag; falls back to its language, then to English
 * @returns {{lang: string, texts: Texts}}
 */
export const textsFor = (lang) => {
  const tag = lang.toLowerCase();
  const found = [tag, tag.split('-')[0] ?? ''].find((each) => TABLES.has(each)) ?? 'en';
  return { lang: found, texts: TABLES.get(found) ?? ENGLISH };
};

/**
 * How what the sources say is marked: not in the language of these words, but most likely in that of
 * the page around.
 * @param {Texts} texts
 */
export const theirs = ({ lang = '' }) => ({ dir: 'auto', lang });

/**
 * Fills `{name}` in a text; every place is filled at once, so that a value holding braces stays as it is.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
