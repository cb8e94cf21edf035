/** The widget that no page has placed by hand: there is one, and it outlives what routers do to the page. */
import { FootnoteChat } from './element.js';

/** @type {FootnoteChat | undefined} */
let own;

/** Puts it on the page, unless there is one. */
export const place = () => {
  if (document.body && !document.querySelector('footnote-chat')) document.body.append((own ??= new FootnoteChat()));
};

/**
 * What a router takes away with the page that it stood on comes back, the same as it was. A site that
 * takes it away by itself has done so on purpose.
 */
export const keep = () =>
  new MutationObserver((changes) => {
    if (changes.some(({ removedNodes: [node, more] }) => node === own && !more)) own = undefined;
    if (own) place();
  }).observe(document, { childList: true, subtree: true });
