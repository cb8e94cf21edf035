/**
 * The widget that the script tag puts on the page: one, and again after a router has replaced what
 * the page holds. It knows nothing of what a widget does.
 */
import { asked } from './script.js';

// Tells it from those that the page places itself.
const MARK = 'data-placed';

/** @type {HTMLElement | null} */
let own = null;
/** @type {HTMLElement | null} the one that was looked at last */
let body = null;

/** Puts it on the page, if the page asks for it and has none. */
export const settle = () => {
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', settle, { once: true });
    return;
  }
  body = document.body;
  if (!asked() || document.querySelector('footnote-chat')) return;
  if (!own) {
    own = document.createElement('footnote-chat');
    own.setAttribute(MARK, '');
  }
  body.append(own);
};

/** A router has taken a widget away, or what it stood in. */
export const settleAgain = () => {
  if (own || body !== document.body) settle();
};

/** @param {HTMLElement} element which the site itself has removed; the one of the tag stays away */
export const letGo = (element) => {
  if (element === own) own = null;
};

/** @param {HTMLElement} element whether it is a copy, from a page that a router has kept */
export const isCopy = (element) => element !== own && element.hasAttribute(MARK);
