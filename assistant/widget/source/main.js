/**
 * Footnote's chat widget: one script tag, one custom element, nothing loaded from anywhere else.
 *
 *   <script src="https://example.org/widget.js" data-title="Ask about your skin" defer></script>
 *
 * adds a floating button that opens a panel; `<footnote-chat inline>` placed by hand is always open.
 * It owns what the visitor sees and types. It knows nothing of how an answer is made.
 */
// What is alike stands together in the file, and compresses the better for it.
import './strings.js';
import './look.js';
import { FootnoteChat } from './element.js';
import { script } from './script.js';

// A page may run this file twice (a template and an article, or a router that runs scripts again);
// what ran first serves all of them.
const first = /** @type {typeof FootnoteChat | undefined} */ (customElements.get('footnote-chat'));
if (!first) customElements.define('footnote-chat', FootnoteChat);
(first ?? FootnoteChat).place(script);
