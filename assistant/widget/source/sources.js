/** Quotes with where they come from: links, the list under an answer, what was closest to one. */
import { el, newId } from './dom.js';
import { bestPage, ownPage, sourcePage, webAddress } from './links.js';
import { BASE } from './script.js';
import { fill, theirs } from './strings.js';
/** @import {Citation} from './types.js' */
/** @import {Texts} from './strings.js' */

/** @param {string} href @param {string} label @param {Texts} texts */
const link = (href, label, texts) =>
  el(
    'a',
    { href, target: '_blank', rel: 'noopener', dir: 'auto', part: 'link' },
    label,
    el('span', { class: 'unseen' }, ` ${texts.newTab}`),
  );

/**
 * The owner's own words, with the web addresses in them to follow.
 * @param {string} text
 * @param {Texts} texts
 */
export const addressesLinked = (text, texts) =>
  text.split(/(https?:\/\/\S*[^\s.,;:!?)])/).map((part, place) => {
    const url = place % 2 ? webAddress(part) : null;
    return url ? link(url.href, part, texts) : part;
  });

/**
 * Title, quote and links of a citation.
 * @param {Citation} citation
 * @param {Texts} texts
 */
export const passage = (citation, texts) => {
  const links = el('span', { class: 'links' }, link(sourcePage(citation, BASE), texts.readInSource, texts));
  if (citation.url) {
    const { host } = citation.url;
    links.prepend(link(ownPage(citation.url, citation.display), fill(texts.readAt, { host }), texts));
  }
  return [
    el('span', { class: 'title', ...theirs(texts) }, citation.title),
    el('q', { class: 'quote', ...theirs(texts) }, citation.display),
    links,
  ];
};

/**
 * One line for each document, with the numbers of its footnotes.
 * @param {Citation[]} citations
 * @param {Texts} texts
 */
export const sourceList = (citations, texts) => {
  const items = [...new Set(citations.map(({ documentId }) => documentId))].map((id) => {
    const group = citations.filter(({ documentId }) => documentId === id);
    const first = /** @type {Citation} */ (group[0]);
    const numbers = el('span', { class: 'numbers' }, group.map((citation) => citation.id).join(', '));
    return el('li', {}, numbers, link(bestPage(first, BASE), first.title, texts));
  });
  const label = el('p', { class: 'label', id: newId() }, texts.sources);
  return el('div', { class: 'sources', part: 'sources' }, label, el('ul', { 'aria-labelledby': label.id }, ...items));
};

/**
 * What was closest to an answer, folded away, because it is none.
 * @param {Citation[]} citations
 * @param {Texts} texts
 */
export const closestList = (citations, texts) =>
  el(
    'details',
    { class: 'closest', part: 'closest' },
    el('summary', {}, texts.closest),
    el('ul', {}, ...citations.map((citation) => el('li', {}, ...passage(citation, texts)))),
  );
