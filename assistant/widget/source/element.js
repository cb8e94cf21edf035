/** The custom element: its options, its life on the page, and what a site can tell and hear of it. */
import { write } from './dom.js';
import { sheet } from './look.js';
import { make } from './making.js';
import { Memory, placeOf } from './memory.js';
import { optionsOf } from './options.js';
import { ranAgain, serveFrom } from './script.js';
import { isCopy, letGo, settle, settleAgain } from './standing.js';
import { addTexts } from './strings.js';
/** @import {Made} from './making.js' */
/** @import {Texts} from './strings.js' */

const AWAY = 3000; // ms that a router may take between the old page and the new one

const WORD = /** @type {const} */ (['pagehide', 'pageshow', 'storage']);

/** @type {Set<FootnoteChat>} the ones on the page */
const present = new Set();
/** @type {Map<string, Made>} by place: what is there goes over to the next element that comes there */
const places = new Map();

export class FootnoteChat extends HTMLElement {
  static observedAttributes = ['data-lang', 'data-title', 'data-theme'];

  /** @type {Made | null} */
  #made = null;
  #options = optionsOf(this);
  #root = this.attachShadow({ mode: 'open' });

  /**
   * Teaches every widget of the page a language, or other words for one.
   * @param {string} lang a BCP 47 tag
   * @param {Partial<Texts>} texts what is left out is said in English; `dir` is ltr or rtl
   */
  static addTexts(lang, texts) {
    addTexts(lang, texts);
    for (const chat of present) chat.#remake();
  }

  /** @param {HTMLScriptElement | null} tag that has run, perhaps not for the first time */
  static place(tag) {
    ranAgain(tag);
    settle();
    for (const chat of present) chat.#arrive();
  }

  // A router puts the new page in before or after it takes the old one out: judged when it is done.
  connectedCallback() {
    queueMicrotask(() => this.#arrive());
  }

  disconnectedCallback() {
    present.delete(this);
    for (const type of WORD) removeEventListener(type, this.#onWord);
    const made = this.#made;
    made?.panel.disconnect();
    // document.open() takes the listeners of every element away: nothing of it can be pressed again.
    if (made && !document.documentElement) made.words = '';
    queueMicrotask(() => {
      if (this.isConnected) return;
      made?.conversation.leave();
      settleAgain();
    });
    // Moving the element in the page disconnects it for an instant; only leaving it stops the answer.
    clearTimeout(made?.timer);
    if (made) made.timer = setTimeout(() => made.conversation.stop(), AWAY);
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (name === 'data-theme') this.#paint();
    else if (this.isConnected) this.#remake();
  }

  /** Opens the floating panel and takes the focus there; an inline one is always open. */
  open() {
    const { panel, conversation, say } = this.#make();
    if (panel.open()) {
      say('');
      conversation.toEnd();
      conversation.suggest();
    }
  }

  /** Closes the floating panel; an answer that is coming in goes on coming in. */
  close() {
    this.#made?.panel.close();
  }

  /** Takes it off the page; what a router takes away comes back with the next page. */
  remove() {
    letGo(this);
    super.remove();
  }

  /**
   * Asks as if the visitor had typed it. While an answer is coming in, the question waits in the input.
   * @param {string} question
   */
  async ask(question) {
    this.open();
    await this.#make().conversation.ask(question);
  }

  /**
   * The page is left; another tab has changed what is kept, or cleared it all (no key); or the page
   * comes back as it was, while the conversation may have gone on elsewhere.
   * @param {{type: string, key?: string | null, persisted?: boolean}} event
   */
  #onWord = ({ type, key, persisted }) => {
    const { conversation, memory } = this.#make();
    if (type === 'pagehide') conversation.leave();
    else if (persisted || key === null || key === memory.key) conversation.follow(memory.load());
  };

  #paint() {
    const theme = this.#options.option('theme');
    for (const part of this.#root.children) /** @type {HTMLElement} */ (part).dataset.theme = theme;
  }

  #arrive() {
    if (!this.isConnected) return;
    if (isCopy(this)) {
      super.remove();
      settle();
      return;
    }
    present.add(this);
    for (const type of WORD) addEventListener(type, this.#onWord);
    const old = this.#made;
    // Another may have come in its place meanwhile, and left again.
    if (old && (old.holder.chat !== this || places.get(old.memory.key) !== old)) this.#made = null;
    const { panel, conversation, words, timer } = this.#make();
    clearTimeout(timer);
    panel.connect();
    conversation.toEnd();
    if (this.#options.inline()) conversation.suggest();
    // The next page may be in another language, which can wait until an answer is there.
    if (!words || (words !== this.#options.words() && !conversation.running())) this.#remake();
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
    const { panel, conversation } = this.#make(made);
    panel.connect();
    write(panel.input, input.value);
    if (this.#options.inline()) conversation.suggest();
    else if (isOpen) this.open();
    // The site's own switch of languages, say, keeps the focus.
    if (activeElement !== this) /** @type {HTMLElement | null} */ (activeElement)?.focus();
    else if (this.#options.inline()) panel.input.focus();
  }

  /** @param {Made} [lasting] whose conversation goes on */
  #make(lasting) {
    if (this.#made) return this.#made;
    const server = this.#options.option('server');
    if (server) serveFrom(server);
    const inline = this.#options.inline();
    const memory = lasting ? lasting.memory : new Memory(this.#options.option('keep') === 'device', placeOf(this));
    const before = lasting ? null : places.get(memory.key);
    const free = before && before.inline === inline && !before.holder.chat.isConnected;
    const made = (this.#made = free ? before : make(this.#options, memory));
    places.set(memory.key, made);
    made.holder.chat = this;
    this.#root.adoptedStyleSheets = [sheet()];
    this.#root.replaceChildren(made.panel.panel, ...(inline ? [] : [made.launcher]));
    this.#paint();
    this.querySelector('[slot=announcer]')?.remove(); // that of a page which a router has copied
    this.append(made.line);
    if (!free) made.conversation.restore(lasting ? lasting.conversation.turns : memory.load());
    return made;
  }
}
