/** Where a citation leads, and which addresses may become links at all. */
/** @import {Citation} from './types.js' */

/** @param {unknown} value @returns {URL | null} an http(s) address, or null for any other scheme */
export const webAddress = (value) => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
};

/**
 * The page of our server that highlights exactly this span.
 * @param {Citation} citation
 * @param {string} base where the API lives; ends in a slash
 */
export const sourcePage = ({ documentId, start, end }, base) =>
  new URL(`documents/${encodeURIComponent(documentId)}?start=${start}&end=${end}#quote`, base).href;

/**
 * The document's own page with a text fragment. A long quote is named by its first and last words:
 * those also match across the line breaks of a page that is set differently.
 * @param {URL} url
 * @param {string} quote
 */
export const ownPage = (url, quote) => {
  /** @param {string[]} words */
  const encode = (words) =>
    // A lone surrogate cannot be encoded; a dash has a meaning in text fragments.
    encodeURIComponent(words.join(' ').toWellFormed()).replaceAll('-', '%2D');
  const words = quote.trim().split(/\s+/);
  const text = words.length > 10 ? `${encode(words.slice(0, 4))},${encode(words.slice(-4))}` : encode(words);
  const page = new URL(url);
  page.hash = `${page.hash.split(':~:')[0] || '#'}:~:text=${text}`;
  return page.href;
};

/**
 * Where the footnote is read: on the document's own page if it declares one, else on ours.
 * @param {Citation} citation
 * @param {string} base
 */
export const bestPage = (citation, base) =>
  citation.url ? ownPage(citation.url, citation.display) : sourcePage(citation, base);
