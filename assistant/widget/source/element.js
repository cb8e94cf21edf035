/** The custom element: its options, its life on the page, and what a site can tell and hear of it. */
import { announcer } from './announcer.js';
import { Conversation } from './conversation.js';
import { write } from './dom.js';
import { frame } from './frame.js';
import { sheet } from './look.js';
import { Memory } from './memory.js';
import { Panel } from './panel.js';
import { script } from './script.js';
import { addTexts, textsFor } from './strings.js';
/** @import {Kept} from './types.js' */
/** @import {Texts} from './strings.js' */

const DEFAULT_TIMEOUT = 30; // seconds without a byte

const WORD = /** @type {const} */ (['pagehide', 'pageshow', 'storage']);

/** @type {Set<FootnoteChat>} the ones on the page */
const present = new Set();

export class FootnoteChat extends HTMLElement {
  static observedAttributes = ['data-lang', 'data-title', 'data-theme'];

  /** @type {{panel: Panel, conversation: Conversation} | null} */
  #made = null;
  /** @type {Memory | null} */
  #memory = null;
  #root = this.attachShadow({ mode: 'open' });
  #announcer = announcer();

  /**
   * Teaches every widget of the page a language, or other words for one.
   * @param {string} lang a BCP 47 tag
   * @param {Partial<Texts>} texts what is left out is said in English; `dir` is ltr or rtl
   */
  static addTexts(lang, texts) {
    addTexts(lang, texts);
    for (const chat of present) chat.#remake();
  }

  connectedCallback() {
    present.add(this);
    for (const type of WORD) addEventListener(type, this.#onWord);
    const { panel, conversation } = this.#make();
    panel.connect();
    if (this.#inline) conversation.suggest();
  }

  disconnectedCallback() {
    present.delete(this);
    for (const type of WORD) removeEventListener(type, this.#onWord);
    this.#made?.panel.disconnect();
    // Moving the element in the page disconnects it for an instant; only leaving it stops the answer.
    queueMicrotask(() => {
      if (!this.isConnected) this.#made?.conversation.stop();
    });
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (name === 'data-theme') this.#paint();
    else if (this.isConnected) this.#remake();
  }

  /** Opens the floating panel and takes the focus there; an inline one is always open. */
  open() {
    const { panel, conversation } = this.#make();
    if (panel.open()) {
      this.#say('');
      conversation.toEnd();
      conversation.suggest();
    }
  }

  /** Closes the floating panel; an answer that is coming in goes on coming in. */
  close() {
    this.#made?.panel.close();
  }

  /**
   * Asks as if the visitor had typed it. While an answer is coming in, the question waits in the input.
   * @param {string} question
   */
  async ask(question) {
    this.open();
    await this.#make().conversation.ask(question);
  }

  get #inline() {
    return this.hasAttribute('inline');
  }

  /** @param {string} name an option: on the element, else on the script tag */
  #option(name) {
    return this.dataset[name] ?? script?.dataset[name] ?? '';
  }

  /** @param {string} text for screen readers, once */
  #say(text) {
    this.#announcer.textContent = text;
  }

  /** @param {string} name @param {object} [detail] */
  #emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`footnote-${name}`, { bubbles: true, composed: true, detail }));
  }

  /**
   * The page is left; another tab has changed what is kept, or cleared it all (no key); or the page
   * comes back as it was, while the conversation may have gone on elsewhere.
   * @param {{type: string, key?: string | null, persisted?: boolean}} event
   */
  #onWord = ({ type, key, persisted }) => {
    const memory = this.#memory;
    const conversation = this.#made?.conversation;
    if (type === 'pagehide') conversation?.leave();
    else if (memory && (persisted || key === null || key === memory.key)) conversation?.follow(memory.load());
  };

  #paint() {
    const theme = this.#option('theme');
    for (const part of this.#root.children) /** @type {HTMLElement} */ (part).dataset.theme = theme;
  }

  /** Builds it again, with other words or another title, around the same conversation and draft. */
  #remake() {
    const made = this.#made;
    if (!made) return;
    const { isOpen, input } = made.panel;
    const { activeElement } = document;
    made.conversation.stop();
    made.panel.disconnect();
    this.#made = null;
    const { panel, conversation } = this.#make(made.conversation.turns);
    panel.connect();
    write(panel.input, input.value);
    if (this.#inline) conversation.suggest();
    else if (isOpen) this.open();
    // The site's own switch of languages, say, keeps the focus.
    if (activeElement !== this) /** @type {HTMLElement | null} */ (activeElement)?.focus();
    else if (this.#inline) panel.input.focus();
  }

  /** @param {string} name */
  #place(name) {
    if (name) return name;
    // Several without a name on one page are told apart by their order.
    const place = [...document.querySelectorAll('footnote-chat:not([id])')].indexOf(this);
    return place > 0 ? String(place) : '';
  }

  /** @param {Kept[]} [kept] */
  #make(kept) {
    if (this.#made) return this.#made;
    const around = this.closest('[lang]')?.getAttribute('lang') ?? '';
    const { texts: words, lang } = textsFor(this.#option('lang') || around);
    const texts = { ...words, lang: around };
    const inline = this.#inline;
    const title = this.#option('title') || texts.title;
    const memory = (this.#memory ??= new Memory(this.#option('keep') === 'device', this.#place(this.id)));
    const parts = frame(
      {
        texts, lang, title, inline,
        // A page that places the widget by hand mostly has a heading of its own above it.
        titled: !inline || Boolean(this.#option('title')),
      },
      {
        open: () => this.open(),
        close: () => this.close(),
        newChat: () => conversation.clear(),
        stop: (click) => conversation.stop(click),
        cancelEdit: () => conversation.editing.end(),
        submit: () => conversation.ask(parts.input.value),
      },
    );
    const emit = this.#emit.bind(this);
    const say = this.#say.bind(this);
    const timeout = (Number(this.#option('timeout')) || DEFAULT_TIMEOUT) * 1000;
    const conversation = new Conversation({ parts, texts, memory, timeout, say, emit });
    this.#made = { conversation, panel: new Panel(parts, this, emit) };
    this.#root.adoptedStyleSheets = [sheet()];
    this.#root.replaceChildren(parts.panel, ...(inline ? [] : [parts.launcher]));
    this.#paint();
    this.append(this.#announcer);
    conversation.restore(kept ?? memory.load());
    return this.#made;
  }
}
