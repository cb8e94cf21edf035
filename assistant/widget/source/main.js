/**
 * Footnote's chat widget: one script tag, one custom element, nothing loaded from anywhere else.
 *
 *   <script src="https://example.org/widget.js" data-title="Ask about your skin" defer></script>
 *
 * adds a floating button that opens a panel; `<footnote-chat inline>` placed by hand is always open.
 * It owns what the visitor sees and types. It knows nothing of how an answer is made.
 */
import { FootnoteChat } from './element.js';
import { keep, place } from './placing.js';

// A page may carry the tag twice (a template and an article), and a router that swaps pages runs it
// again: the first one serves all.
const known = /** @type {any} */ (customElements.get('footnote-chat'));
if (known) known.place();
else {
  customElements.define('footnote-chat', Object.assign(FootnoteChat, { place }));
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', place, { once: true });
  else place();
  keep();
}
