/** What a screen reader is told: a line in the light DOM, where every one of them finds it. */
import { el } from './dom.js';

// Out of sight, and out of reach of the page's own rules.
const UNSEEN = [
  'all: initial', 'display: block', 'position: absolute', 'width: 1px', 'height: 1px', 'overflow: hidden',
  'clip-path: inset(50%)', 'white-space: nowrap', '',
].join('!important;');

export const announcer = () => {
  const line = el('span', { slot: 'announcer', role: 'status', 'aria-live': 'polite' });
  line.style.cssText = UNSEEN;
  return line;
};
