/**
 * Footnote's chat widget: one script tag, one custom element, nothing loaded from anywhere else.
 *
 *   <script src="https://example.org/widget.js" data-title="Ask about your skin" defer></script>
 *
 * adds a floating button that opens a panel; `<footnote-chat inline>` placed by hand is always open.
 * It owns what the visitor sees and types. It knows nothing of how an answer is made.
 */
import { FootnoteChat } from './element.js';

// A page may carry the tag twice (a template and an article); the first one serves both.
if (!customElements.get('footnote-chat')) {
  customElements.define('footnote-chat', FootnoteChat);
  const start = () => {
    if (!document.querySelector('footnote-chat')) document.body.append(document.createElement('footnote-chat'));
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
  else start();
}
