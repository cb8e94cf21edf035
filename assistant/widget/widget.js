/**
 * Footnote's chat widget: one script tag, one custom element, nothing loaded from anywhere else.
 *
 *   <script src="https://example.org/widget.js" data-title="Ask about your skin" defer></script>
 *
 * adds a floating button that opens a panel; `<footnote-chat inline>` placed by hand is always open.
 * Options, on the script or on the element: data-title, data-lang, data-timeout (seconds).
 *
 * It owns what the visitor sees and types. It knows nothing of how an answer is made: it shows the
 * sentences and citations of `POST /ask` and never reads meaning into their text. All text reaches
 * the page through textContent, so a document cannot bring markup along.
 */
(() => {
  'use strict';

  // A page may carry the tag twice (a template and an article); the first one serves both.
  if (customElements.get('footnote-chat')) return;

  const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  /** Where the API lives: beside this file. Ends in a slash. */
  const BASE = new URL('.', script?.src || document.baseURI).href;

  const MAX_QUESTION = 2000; // the API's limit
  const MAX_HISTORY = 20; // messages sent along; the API trims further, this bounds the request
  const DEFAULT_TIMEOUT = 30; // seconds without a byte
  // Where a floating panel has no room to float, it is a modal dialog that fills the screen.
  const SMALL_SCREEN = '(max-width: 520px), (max-height: 420px)';

  /**
   * @typedef {{id: number, documentId: string, title: string, url: URL | null, start: number,
   *   end: number, quote: string}} Citation  start and end count code points: passed on, never used
   * @typedef {{text: string, citations: number[]}} Sentence
   * @typedef {'answered' | 'refused' | 'redirected' | 'smalltalk'} Status
   * @typedef {{status: Status, answer: string, leadIn: string, sentences: Sentence[],
   *   citations: Citation[], closest: Citation[]}} Answer  leadIn is no quote: it opens the answer
   * @typedef {{role: 'user' | 'assistant', content: string}} Message
   * @typedef {{name: 'sentence', sentence: Sentence, citations: Citation[]}
   *   | {name: 'done', answer: Answer, body: unknown}} AnswerEvent
   * @typedef {'offline' | 'network' | 'timeout' | 'busy' | 'rejected' | 'server' | 'broken'
   *   | 'nonsense' | 'stopped'} Failure
   */

  // ---------------------------------------------------------------- what it says, by language

  const ENGLISH = {
    dir: 'ltr',
    title: 'Ask a question',
    intro: 'Ask in your own words. Every sentence of an answer is quoted from the sources, with a footnote.',
    suggestions: 'For example',
    conversation: 'Conversation',
    input: 'Your question',
    placeholder: 'Ask a question',
    send: 'Ask',
    stop: 'Stop',
    newChat: 'New chat',
    close: 'Close',
    youAsked: 'You asked:',
    answer: 'Answer:',
    working: 'Looking in the sources…',
    footnote: 'Footnote {n}: {title}',
    note: 'Footnote {n}',
    readInSource: 'Read it in the source',
    readAt: 'Read it at {host}',
    newTab: '(opens in a new tab)',
    sources: 'Sources',
    refused: 'Not in the sources',
    closest: 'Closest in the sources (not an answer)',
    redirected: 'Please ask a person',
    retry: 'Try again',
    retryIn: 'Try again in {n} s',
    announceAnswer: 'Answer: {text} Footnotes: {n}.',
    offline: 'You seem to be offline. Check your connection, then try again.',
    network: 'The server could not be reached. Check your connection, then try again.',
    timeout: 'The server is taking too long. Try again in a moment.',
    busy: 'The server is busy at this moment. Wait a little, then try again.',
    rejected: 'The server did not accept this question. Change it, then ask again.',
    server: 'Something went wrong on the server. Try again in a moment.',
    broken: 'The connection broke before the answer was complete. Try again.',
    nonsense: 'The server sent something that is not an answer. Try again in a moment.',
    stopped: 'Stopped. Nothing more will be added to this answer.',
    kept: 'Your question is kept.',
  };

  /** @type {Record<string, typeof ENGLISH>} */
  const TEXTS = { en: ENGLISH };

  /** @param {string} lang a BCP 47 tag; falls back to its language, then to English */
  const textsFor = (lang) => {
    const found = [lang, lang.split('-')[0], 'en'].find((tag) => Object.hasOwn(TEXTS, tag)) ?? 'en';
    return { lang: found, texts: TEXTS[found] };
  };

  /**
   * Fills `{name}` in a text; every place is filled at once, so that a value holding braces stays as it is.
   * @param {string} text
   * @param {Record<string, string | number>} values
   */
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

  // ---------------------------------------------------------------- what the API sends

  /** Why a question has no complete answer, in terms of what the visitor can do about it. */
  class AskError extends Error {
    /**
     * @param {Failure} failure
     * @param {{seconds?: number, detail?: string}} [more] seconds to wait; the server's own words
     */
    constructor(failure, { seconds = 0, detail = '' } = {}) {
      super(failure);
      this.failure = failure;
      this.seconds = seconds;
      this.detail = detail;
    }
  }

  /** @param {unknown} ok anything the contract does not allow makes this false */
  const expect = (ok) => {
    if (!ok) throw new AskError('nonsense');
  };

  /** @param {unknown} value @returns {Record<string, unknown>} */
  const record = (value) => {
    expect(typeof value === 'object' && value !== null && !Array.isArray(value));
    return /** @type {Record<string, unknown>} */ (value);
  };

  /** @param {unknown} value @returns {string} */
  const string = (value) => {
    expect(typeof value === 'string');
    return /** @type {string} */ (value);
  };

  /** @param {unknown} value @returns {number} */
  const count = (value) => {
    expect(Number.isSafeInteger(value) && Number(value) >= 0);
    return /** @type {number} */ (value);
  };

  /**
   * @template T
   * @param {unknown} value
   * @param {(item: unknown) => T} read
   * @returns {T[]}
   */
  const list = (value, read) => {
    expect(Array.isArray(value));
    return /** @type {unknown[]} */ (value).map(read);
  };

  /** @param {string} text @returns {unknown} */
  const json = (text) => {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) throw new AskError('nonsense');
      throw error;
    }
  };

  /** @param {unknown} value @returns {URL | null} an http(s) address, or null for any other scheme */
  const webAddress = (value) => {
    if (typeof value !== 'string') return null;
    try {
      const url = new URL(value);
      return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
    } catch (error) {
      if (error instanceof TypeError) return null; // not an absolute URL
      throw error;
    }
  };

  /** @param {unknown} value @returns {Sentence} */
  const readSentence = (value) => {
    const { text, citations } = record(value);
    return { text: string(text), citations: list(citations, count) };
  };

  /** @param {unknown} value @returns {Citation} */
  const readCitation = (value) => {
    const { id, document_id: documentId, title, url, start, end, quote } = record(value);
    return {
      id: count(id),
      documentId: string(documentId),
      title: string(title),
      url: webAddress(url),
      start: count(start),
      end: count(end),
      quote: string(quote),
    };
  };

  /** @param {unknown} value the body of /ask @returns {Answer} */
  const readAnswer = (value) => {
    const body = record(value);
    const status = /** @type {Status} */ (string(body.status));
    expect(['answered', 'refused', 'redirected', 'smalltalk'].includes(status));
    const citations = list(body.citations, readCitation);
    const sentences = list(body.sentences, readSentence).filter((sentence) => cited(sentence, citations).length);
    // An answer without a checkable sentence is worse than none.
    expect(status !== 'answered' || sentences.length);
    const answer = string(body.answer);
    const [first] = list(body.sentences, record);
    const leadIn = first ? textBefore(answer, count(first.start)) : '';
    return { status, answer, leadIn, sentences, citations, closest: list(body.closest, readCitation) };
  };

  /** @param {string} text @param {number} end in code points, of which a string counts some twice */
  const textBefore = (text, end) => [...text].slice(0, end).join('').trim();

  /** @param {Sentence} sentence @param {Citation[]} citations */
  const cited = (sentence, citations) => citations.filter(({ id }) => sentence.citations.includes(id));

  /**
   * The events of a `text/event-stream` (WHATWG HTML, 9.2.6), however the network cut it into chunks.
   * An event that the stream ends in the middle of is dropped, as the standard has it.
   * @param {ReadableStream<Uint8Array>} body
   * @param {() => void} onChunk called whenever bytes arrive, comments included
   */
  async function* serverEvents(body, onChunk) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    let name = '';
    /** @type {string[]} */
    let data = [];
    for (;;) {
      const { done, value } = await reader.read();
      onChunk();
      rest += decoder.decode(value, { stream: !done });
      // A carriage return at the end may be half of a CRLF: it waits for the next chunk.
      const lines = rest.split(done ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (data.length) yield { name: name || 'message', data: data.join('\n') };
          name = '';
          data = [];
          continue;
        }
        const [, field, content] = /^([^:]*):? ?(.*)$/s.exec(line) ?? ['', '', ''];
        if (field === 'event') name = content;
        if (field === 'data') data.push(content);
      }
      if (done) return;
    }
  }

  /**
   * @param {number} status of the response or of a problem sent in the stream
   * @param {unknown} problem RFC 9457, if it is one
   * @param {string | null} retryAfter the header: seconds or a date
   */
  const failureOf = (status, problem, retryAfter) => {
    const { detail = '' } = /** @type {{detail?: unknown}} */ (problem ?? {});
    if (status === 429 || status === 503) {
      const wait = Number(retryAfter ?? 0);
      const seconds = Number.isNaN(wait) ? (Date.parse(retryAfter ?? '') - Date.now()) / 1000 : wait;
      return new AskError('busy', { seconds: Math.max(0, Math.ceil(seconds || 0)) });
    }
    if (status === 408 || status === 504) return new AskError('timeout');
    if (status >= 400 && status < 500) {
      return new AskError('rejected', { detail: typeof detail === 'string' ? detail.slice(0, 300) : '' });
    }
    return new AskError('server');
  };

  /**
   * Asks, and yields sentences as they come and the finished answer last; throws an AskError if that
   * does not come about.
   * @param {string} question
   * @param {Message[]} history
   * @param {AbortSignal} signal aborted with an AskError as its reason
   * @param {() => void} onChunk
   * @returns {AsyncGenerator<AnswerEvent, void>}
   */
  async function* ask(question, history, signal, onChunk) {
    const response = await fetch(new URL('ask', BASE), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify({ question, history, stream: true }),
      credentials: 'omit',
      signal,
    }).catch((error) => {
      if (error instanceof AskError) throw error;
      throw new AskError(navigator.onLine ? 'network' : 'offline');
    });
    onChunk();
    const type = response.headers.get('Content-Type') ?? '';
    if (!response.ok) {
      const problem = type.includes('json') ? await response.json().catch(() => null) : null;
      throw failureOf(response.status, problem, response.headers.get('Retry-After'));
    }
    if (!type.startsWith('text/event-stream')) {
      // A proxy that does not stream may have asked for the plain body.
      expect(type.includes('json'));
      const body = json(await whole(response.text()));
      yield { name: 'done', answer: readAnswer(body), body };
      return;
    }
    expect(response.body);
    const events = serverEvents(/** @type {ReadableStream<Uint8Array>} */ (response.body), onChunk);
    for (;;) {
      const { done, value: event } = await whole(events.next());
      if (done) throw new AskError('broken');
      if (event.name === 'sentence') {
        const { sentence, citations } = record(json(event.data));
        yield { name: 'sentence', sentence: readSentence(sentence), citations: list(citations, readCitation) };
      } else if (event.name === 'done') {
        const body = json(event.data);
        yield { name: 'done', answer: readAnswer(body), body };
        return;
      } else if (event.name === 'error') {
        const problem = record(json(event.data));
        throw failureOf(Number(problem.status), problem, null);
      }
    }
  }

  /**
   * @template T
   * @param {Promise<T>} reading part of a body; what interrupts it is the network
   */
  const whole = (reading) =>
    reading.catch((error) => {
      throw error instanceof AskError ? error : new AskError('broken');
    });

  /** Suggested questions; none when the server has none to give, since they are only a convenience. */
  const fetchSuggestions = async () => {
    try {
      const response = await fetch(new URL('suggestions', BASE), { credentials: 'omit' });
      return response.ok ? list(await response.json(), string).slice(0, 6) : [];
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError || error instanceof AskError) return [];
      throw error;
    }
  };

  // ---------------------------------------------------------------- where a citation leads

  /** @param {Citation} citation the page of our server that highlights exactly this span */
  const sourcePage = ({ documentId, start, end }) =>
    new URL(`documents/${encodeURIComponent(documentId)}?start=${start}&end=${end}#quote`, BASE).href;

  /**
   * The document's own page with a text fragment. A long quote is named by its first and last words:
   * those also match across the line breaks of a page that is set differently.
   * @param {URL} url
   * @param {string} quote
   */
  const ownPage = (url, quote) => {
    /** @param {string[]} words */
    const encode = (words) =>
      // A lone surrogate cannot be encoded; a dash has a meaning in text fragments.
      encodeURIComponent(words.join(' ').replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('-', '%2D');
    const words = quote.trim().split(/\s+/);
    const text = words.length > 10 ? `${encode(words.slice(0, 4))},${encode(words.slice(-4))}` : encode(words);
    const page = new URL(url);
    page.hash = `${page.hash.split(':~:')[0] || '#'}:~:text=${text}`;
    return page.href;
  };

  // ---------------------------------------------------------------- building elements

  /**
   * An element with attributes, listeners (values that are functions) and children. Text is only ever
   * text: neither innerHTML nor inline styles, so a strict content security policy is enough.
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} tag
   * @param {Record<string, string | boolean | ((event: any) => void)>} attributes
   * @param {...(Node | string)} children
   * @returns {HTMLElementTagNameMap[K]}
   */
  const el = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === 'function') element.addEventListener(name, value);
      else if (value !== false) element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children);
    return element;
  };

  /** @param {string} path in a box of 24 by 24 */
  const icon = (path) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  };

  const ICONS = {
    chat: 'M5 5h14v10H11l-4 4v-4H5zM9 9h6M9 12h4',
    close: 'M6 6l12 12M18 6L6 18',
    newChat: 'M12 5v14M5 12h14',
  };

  let lastId = 0;
  const newId = () => `footnote-${++lastId}`;

  // ---------------------------------------------------------------- one question and its answer

  /** A question with whatever has come back for it so far. */
  class Turn {
    /** @type {Answer | null} the finished answer */
    answer = null;
    /** @type {unknown} its body as it came, for keeping */
    body = null;
    /** @type {Sentence[]} */
    #sentences = [];
    #retrying = 0;

    /**
     * @param {string} question
     * @param {typeof ENGLISH} texts
     */
    constructor(question, texts) {
      this.question = question;
      this.texts = texts;
      this.prose = el('div', { class: 'prose', dir: 'auto' });
      this.content = el('div', { class: 'answer' });
      this.progress = el('p', { class: 'working' }, texts.working);
      this.element = el(
        'div',
        { class: 'turn', keydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event) },
        el('p', { class: 'question', dir: 'auto' }, el('span', { class: 'unseen' }, `${texts.youAsked} `), question),
        this.content,
      );
    }

    /** A new attempt begins. What an earlier one brought stays until there is something better. */
    begin() {
      clearInterval(this.#retrying);
      this.element.querySelector('.failure')?.remove();
      this.#sentences = [];
      this.element.append(this.progress);
    }

    /**
     * @param {Sentence} sentence
     * @param {Citation[]} citations
     */
    add(sentence, citations) {
      const supporting = cited(sentence, citations);
      if (!supporting.length) return; // the contract: a sentence without a citation is not shown
      if (!this.#sentences.length) this.#show(this.prose);
      this.#sentences.push(sentence);
      const [[button, note], ...more] = supporting.map((citation) => this.#footnote(citation));
      // The last letters and the first number stay on one line, so that no number begins a line.
      const tail = /\S{1,8}$/u.exec(sentence.text)?.[0] ?? '';
      const text = sentence.text.slice(0, sentence.text.length - tail.length);
      this.prose.append(
        el('span', { class: 'sentence' }, text, el('span', { class: 'tail' }, tail, button), note, ...more.flat()),
        ' ',
      );
    }

    /**
     * @param {Answer} answer
     * @param {unknown} body
     */
    finish(answer, body) {
      this.answer = answer;
      this.body = body;
      this.progress.remove();
      if (answer.status === 'answered') {
        // What was streamed stays as it is, with a footnote that may be open in it.
        if (JSON.stringify(answer.sentences) !== JSON.stringify(this.#sentences)) {
          this.#sentences = [];
          for (const sentence of answer.sentences) this.add(sentence, answer.citations);
        }
        // Known only now: the events before hold nothing but sentences.
        if (answer.leadIn) this.prose.before(el('p', { class: 'lead-in', dir: 'auto' }, answer.leadIn));
        this.content.append(this.#sources(answer));
      } else if (answer.status === 'refused') {
        this.#show(this.#notice('refused', this.texts.refused, answer.answer));
        if (answer.closest.length) this.content.append(this.#closest(answer.closest));
      } else if (answer.status === 'redirected') {
        this.#show(this.#notice('redirected', this.texts.redirected, answer.answer));
      } else {
        this.#show(el('p', { class: 'prose', dir: 'auto' }, answer.answer));
      }
    }

    /**
     * @param {AskError} error
     * @param {() => void} retry
     */
    fail(error, retry) {
      this.progress.remove();
      const { texts } = this;
      const button = el('button', { type: 'button', class: 'quiet', click: retry }, texts.retry);
      this.element.append(
        el('div', { class: 'failure' }, el('p', {}, this.#explain(error)), button),
      );
      if (!error.seconds) return;
      const until = Date.now() + error.seconds * 1000;
      const tick = () => {
        const left = Math.ceil((until - Date.now()) / 1000);
        button.disabled = left > 0;
        button.textContent = left > 0 ? fill(texts.retryIn, { n: left }) : texts.retry;
        if (left <= 0 || !button.isConnected) clearInterval(this.#retrying);
      };
      this.#retrying = setInterval(tick, 500);
      tick();
    }

    /** @param {AskError | null} error what happened, in one text for a screen reader */
    summary(error) {
      const { answer, texts } = this;
      if (error) return this.#explain(error);
      if (!answer) return '';
      if (answer.status === 'answered') {
        const quotes = answer.sentences.map((sentence) => sentence.text);
        const text = [answer.leadIn, ...quotes].filter(Boolean).join(' ');
        return fill(texts.announceAnswer, { text, n: answer.citations.length });
      }
      const label = { refused: `${texts.refused}. `, redirected: `${texts.redirected}. `, smalltalk: '' };
      return label[answer.status] + answer.answer;
    }

    /** @param {AskError} error */
    #explain({ failure, detail }) {
      const parts = [this.texts[failure], failure === 'rejected' ? detail : '', failure === 'stopped' ? '' : this.texts.kept];
      return parts.filter(Boolean).join(' ');
    }

    /** @param {HTMLElement} element takes the place of what an earlier attempt brought */
    #show(element) {
      if (element === this.prose) element.replaceChildren();
      // A notice opens with a label of its own.
      const label = element.matches('.prose') ? el('span', { class: 'unseen' }, `${this.texts.answer} `) : '';
      this.content.replaceChildren(label, element);
    }

    /** @param {Citation} citation @returns {[HTMLElement, HTMLElement]} the button and its note */
    #footnote(citation) {
      const { texts } = this;
      const { id: n, title } = citation;
      const note = el(
        'span',
        { class: 'note', id: newId(), role: 'note', 'aria-label': fill(texts.note, { n }), hidden: true },
        el('span', { class: 'title', dir: 'auto' }, title),
        el('q', { class: 'quote', dir: 'auto' }, citation.quote),
        this.#links(citation),
      );
      const button = el(
        'button',
        {
          type: 'button',
          class: 'footnote',
          'aria-expanded': 'false',
          'aria-controls': note.id,
          'aria-label': fill(texts.footnote, { n, title }),
          click: () => this.#toggle(button, note),
        },
        String(n),
      );
      return [button, note];
    }

    /**
     * One note is open at a time, so that the answer stays readable.
     * @param {HTMLButtonElement} button
     * @param {HTMLElement} note
     */
    #toggle(button, note) {
      const opening = note.hidden;
      this.#closeNote();
      button.focus(); // Safari does not focus a button that is clicked
      if (!opening) return;
      note.hidden = false;
      button.setAttribute('aria-expanded', 'true');
      note.scrollIntoView({ block: 'nearest' });
    }

    /** @returns {HTMLButtonElement | null} the button whose note was open */
    #closeNote() {
      /** @type {HTMLButtonElement | null} */
      const button = this.prose.querySelector('.footnote[aria-expanded=true]');
      button?.setAttribute('aria-expanded', 'false');
      for (const note of this.prose.querySelectorAll('.note')) note.setAttribute('hidden', '');
      return button;
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
      if (event.key !== 'Escape') return;
      const button = this.#closeNote();
      if (!button) return;
      // Escape has done its work here: it must not also close the panel or a dialog of the site.
      event.preventDefault();
      event.stopPropagation();
      button.focus();
    }

    /** @param {Citation} citation */
    #links(citation) {
      const { texts } = this;
      const links = el('span', { class: 'links' }, this.#link(sourcePage(citation), texts.readInSource));
      if (citation.url) {
        const { host } = citation.url;
        links.append(this.#link(ownPage(citation.url, citation.quote), fill(texts.readAt, { host })));
      }
      return links;
    }

    /** @param {string} href @param {string} label */
    #link(href, label) {
      return el(
        'a',
        { href, target: '_blank', rel: 'noopener', dir: 'auto' },
        label,
        el('span', { class: 'unseen' }, ` ${this.texts.newTab}`),
      );
    }

    /** @param {Answer} answer one line for each document, with the numbers of its footnotes */
    #sources({ citations }) {
      /** @type {Map<string, Citation[]>} */
      const byDocument = new Map();
      for (const citation of citations) {
        byDocument.set(citation.documentId, [...(byDocument.get(citation.documentId) ?? []), citation]);
      }
      const items = [...byDocument.values()].map((group) =>
        el(
          'li',
          {},
          el('span', { class: 'numbers' }, group.map(({ id }) => id).join(', ')),
          this.#link(sourcePage(group[0]), group[0].title),
        ),
      );
      const label = el('p', { class: 'label', id: newId() }, this.texts.sources);
      return el('div', { class: 'sources' }, label, el('ul', { 'aria-labelledby': label.id }, ...items));
    }

    /** @param {string} kind @param {string} label @param {string} text */
    #notice(kind, label, text) {
      return el('div', { class: `notice ${kind}` }, el('p', { class: 'label' }, label), el('p', { dir: 'auto' }, text));
    }

    /** @param {Citation[]} passages folded away, because they are not an answer */
    #closest(passages) {
      const items = passages.map((citation) =>
        el(
          'li',
          {},
          el('span', { class: 'title', dir: 'auto' }, citation.title),
          el('q', { class: 'quote', dir: 'auto' }, citation.quote),
          this.#links(citation),
        ),
      );
      return el('details', { class: 'closest' }, el('summary', {}, this.texts.closest), el('ul', {}, ...items));
    }
  }

  // ---------------------------------------------------------------- how it looks

  const STYLES = new CSSStyleSheet();
  STYLES.replaceSync(`
    /* In a shadow tree !important on :host wins over the page, whatever the page's rules say. */
    :host {
      all: initial !important; display: block !important; color-scheme: light dark !important;
      --paper: light-dark(#ffffff, #191c1b); --tint: light-dark(#f5f4ef, #232726);
      --ink: light-dark(#1d2421, #e9e7e1); --muted: light-dark(#5a635e, #a7aea9);
      --rule: light-dark(#dfddd4, #3a403d); --edge: light-dark(#7f8782, #7d8581);
      --accent: light-dark(#0d5c52, #8ed1c4); --on-accent: light-dark(#ffffff, #10201d);
      --warm: light-dark(#85510b, #e8bd7c); --warm-tint: light-dark(#fcf5e6, #2d271c);
      --alert: light-dark(#a1281f, #f2a79f);
      --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Georgia, Cambria, "Liberation Serif", serif;
      --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
    }
    :host([hidden]) { display: none !important }
    :host(:not([inline])) {
      position: fixed !important; z-index: 2147483000 !important;
      inset-block-end: 0 !important; inset-inline-end: 0 !important;
    }
    *, ::before, ::after { box-sizing: border-box }
    [hidden], dialog:not([open]) { display: none !important }
    .unseen {
      position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap;
    }
    p, ul, h2 { margin: 0; padding: 0 }
    ul { list-style: none }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }

    .panel, .launcher { font: 15px/1.5 var(--sans); color: var(--ink); text-align: start }
    .panel {
      display: flex; flex-direction: column; inline-size: 100%; max-block-size: min(720px, 90dvh);
      margin: 0; padding: 0; border: 1px solid var(--rule); border-radius: 14px;
      background: var(--paper); overflow: hidden; overflow-wrap: anywhere; outline: none; scroll-margin: 16px;
    }
    dialog.panel {
      position: fixed; inset: auto; inset-block-end: 20px; inset-inline-end: 20px;
      inline-size: min(420px, 100vw - 40px); block-size: min(680px, 100dvh - 40px); max-block-size: none;
      box-shadow: 0 16px 48px rgb(0 0 0 / .18), 0 2px 8px rgb(0 0 0 / .08);
    }
    dialog.panel:modal {
      inset: 0; inline-size: 100%; max-inline-size: none; block-size: 100dvh; border: 0; border-radius: 0;
    }
    button {
      min-block-size: 32px; margin: 0; padding: 4px 12px; border: 1px solid transparent; border-radius: 8px;
      background: none; color: inherit; font: inherit; cursor: pointer;
    }
    button:disabled { cursor: default; color: var(--muted) }
    svg { inline-size: 20px; block-size: 20px; fill: none; stroke: currentColor; stroke-width: 1.75;
      stroke-linecap: round; stroke-linejoin: round; flex: none }
    .solid { background: var(--accent); color: var(--on-accent); font-weight: 600 }
    .quiet { border-color: var(--edge) }
    .quiet:hover:enabled, .bare:hover { background: var(--tint) }
    .bare { display: flex; align-items: center; gap: 4px; padding: 4px 8px; color: var(--muted); font-size: 14px }
    .launcher {
      position: fixed; inset-block-end: 20px; inset-inline-end: 20px; display: flex; align-items: center; gap: 10px;
      max-inline-size: calc(100vw - 40px); min-block-size: 48px; padding: 10px 20px; border-radius: 24px;
      background: var(--accent); color: var(--on-accent); font-weight: 600;
      box-shadow: 0 6px 20px rgb(0 0 0 / .2);
    }
    .launcher:focus-visible { outline-offset: 3px }
    .launcher span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }

    header { display: flex; align-items: center; justify-content: flex-end; gap: 4px; min-block-size: 50px; padding: 8px 12px 8px 20px; border-block-end: 1px solid var(--rule) }
    h2 { flex: 1; min-inline-size: 0; font: 600 16px/1.35 var(--sans) }
    .log { position: relative; flex: 1 1 auto; min-block-size: 120px; padding: 20px; overflow: auto; overscroll-behavior: contain }
    .log:focus-visible { outline-offset: -3px }
    .intro { color: var(--muted); max-inline-size: 34em }
    .label { font-size: 13px; font-weight: 600; color: var(--muted) }
    .suggestions { margin-block-start: 20px }
    .suggestions ul { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 8px }
    .suggestions button { padding: 6px 14px; border-radius: 18px; text-align: start }

    .turn + .turn { margin-block-start: 28px; padding-block-start: 24px; border-block-start: 1px solid var(--rule) }
    .question { font: 600 16px/1.45 var(--sans); white-space: pre-wrap; margin-block-end: 10px }
    .lead-in { margin-block-end: 6px; font: 600 15px/1.5 var(--sans); color: var(--warm) }
    .prose { font: 17px/1.65 var(--serif) }
    p.prose { white-space: pre-line }
    .tail { white-space: nowrap }
    .footnote {
      display: inline-block; min-inline-size: 24px; min-block-size: 24px; margin: -3px 1px -3px 3px; padding: 0 5px;
      border: 1px solid var(--rule); border-radius: 7px; vertical-align: 3px; background: var(--tint);
      color: var(--accent); font: 600 12px/22px var(--sans); text-align: center;
    }
    .footnote:hover { border-color: var(--accent) }
    .footnote[aria-expanded=true] { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
    .note, .closest li { display: block; padding: 12px 16px; border-inline-start: 3px solid var(--accent); background: var(--tint) }
    .note { margin: 10px 0 14px; border-start-end-radius: 8px; border-end-end-radius: 8px }
    .title { display: block; font: 600 13px/1.45 var(--sans); color: var(--muted) }
    .quote { display: block; margin-block: 4px 8px; font: italic 16px/1.55 var(--serif) }
    .links { display: flex; flex-wrap: wrap; gap: 4px 16px; font: 14px/1.45 var(--sans) }
    a { display: inline-block; padding-block: 3px; color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px }
    a:hover { text-decoration-thickness: 2px }

    .sources { margin-block-start: 16px; font-size: 14px }
    .sources li { display: flex; gap: 10px; align-items: baseline }
    .numbers { min-inline-size: 14px; color: var(--muted); font-variant-numeric: tabular-nums }
    .notice { padding: 14px 18px; border: 1px solid var(--warm); border-inline-start-width: 4px; border-radius: 8px; background: var(--warm-tint) }
    .notice .label { margin-block-end: 4px; font-size: 14px; color: var(--warm) }
    .notice p + p { white-space: pre-line }
    .redirected { border-width: 2px; border-inline-start-width: 8px }
    .redirected p { font-size: 17px }
    .closest { margin-block-start: 12px; font-size: 14px }
    .closest summary { padding-block: 4px; color: var(--muted); cursor: pointer }
    .closest li { margin-block-start: 10px; padding-block: 8px; border-inline-start: 2px dashed var(--edge); background: none }
    .closest .quote { font-size: 15px; color: var(--muted) }
    .failure { display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: center; margin-block-start: 12px; padding: 12px 16px; border: 1px solid var(--alert); border-radius: 8px }
    .failure p { flex: 1 1 200px; color: var(--alert) }
    .working { margin-block-start: 8px; color: var(--muted) }

    form { display: flex; align-items: flex-end; gap: 8px; padding: 12px 16px 16px; border-block-start: 1px solid var(--rule) }
    textarea {
      flex: 1; min-inline-size: 0; min-block-size: 44px; max-block-size: 8em; margin: 0; padding: 10px 14px; resize: none;
      field-sizing: content; border: 1px solid var(--edge); border-radius: 10px;
      background: var(--paper); color: inherit; font: 16px/1.4 var(--sans);
    }
    textarea::placeholder { color: var(--muted); opacity: 1 }
    textarea:focus-visible { outline-offset: 0 }
    form button { min-block-size: 44px; min-inline-size: 64px; padding-inline: 16px; border-radius: 10px }

    @media (max-width: 380px) {
      .bare span { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
    }
    @media (max-height: 420px) {
      /* A short window (a phone on its side, 400 % zoom) scrolls as a whole. */
      .panel { max-block-size: none }
      dialog.panel { overflow: auto }
      .log { flex: none; overflow: visible }
    }
    @media (prefers-reduced-motion: no-preference) {
      .working { animation: breathe 2s ease-in-out infinite }
      @keyframes breathe { 50% { opacity: .55 } }
    }
    @media (forced-colors: active) {
      button, .note, .notice { border: 1px solid }
      .footnote[aria-expanded=true] { forced-color-adjust: none; background: Highlight; color: HighlightText }
    }
  `);

  // ---------------------------------------------------------------- the element

  class FootnoteChat extends HTMLElement {
    /** @type {Turn[]} */
    #turns = [];
    /** @type {AbortController | null} while an answer is coming in */
    #running = null;
    /** @type {HTMLElement | null} where focus was before the panel opened */
    #before = null;
    #smallScreen = matchMedia(SMALL_SCREEN);
    #built = false;
    #suggested = false;
    #texts = ENGLISH;

    connectedCallback() {
      if (!this.#built) this.#build();
      this.#smallScreen.addEventListener('change', this.#onScreen);
      if (this.#inline) this.#suggest();
    }

    disconnectedCallback() {
      this.#smallScreen.removeEventListener('change', this.#onScreen);
      // Moving the element in the page disconnects it for an instant; only leaving it stops the answer.
      queueMicrotask(() => {
        if (!this.isConnected) this.#running?.abort(new AskError('stopped'));
      });
    }

    /** Opens the floating panel and takes the focus there; an inline one is always open. */
    open() {
      const { panel, input, launcher } = this.#parts();
      if (panel instanceof HTMLDialogElement && !panel.open) {
        this.#before = /** @type {HTMLElement | null} */ (document.activeElement);
        this.#say('');
        launcher.hidden = true;
        if (this.#smallScreen.matches) panel.showModal();
        else panel.show();
        this.#suggest();
      }
      // On a small screen focus in the input would raise the keyboard over what there is to read.
      (panel instanceof HTMLDialogElement && panel.matches(':modal') ? panel : input).focus();
    }

    /** Closes the floating panel; an answer that is coming in goes on coming in. */
    close() {
      const { panel, launcher } = this.#parts();
      if (!(panel instanceof HTMLDialogElement) || !panel.open) return;
      panel.close();
      launcher.hidden = false;
      const before = this.#before;
      const elsewhere = before?.isConnected && before !== document.body && before !== this;
      (elsewhere ? before : launcher).focus();
    }

    /**
     * Asks as if the visitor had typed it. While an answer is coming in, the question waits in the input.
     * @param {string} question
     */
    async ask(question) {
      const text = question.trim();
      if (!text) return;
      this.open();
      const { input } = this.#parts();
      if (this.#running) {
        input.value = text;
        return;
      }
      // Asking again what has just failed takes the failed attempt's place.
      const last = this.#turns.at(-1);
      if (last && !last.answer && last.question === text) return this.#run(last);
      const turn = new Turn(text, this.#texts);
      this.#turns.push(turn);
      this.#parts().start.hidden = true;
      this.#parts().log.append(turn.element);
      return this.#run(turn);
    }

    get #inline() {
      return this.hasAttribute('inline');
    }

    /** @param {string} name an option: on the element, else on the script tag */
    #option(name) {
      return this.dataset[name] ?? script?.dataset[name] ?? '';
    }

    /** @param {Turn} turn */
    async #run(turn) {
      const { input } = this.#parts();
      const controller = new AbortController();
      this.#running = controller;
      this.#say('');
      turn.begin();
      if (input.value.trim() === turn.question) input.value = '';
      this.#showRunning();
      this.#scroll(turn, true);

      /** @type {number | undefined} */
      let timer;
      const milliseconds = (Number(this.#option('timeout')) || DEFAULT_TIMEOUT) * 1000;
      const stillThere = () => {
        clearTimeout(timer);
        timer = setTimeout(() => controller.abort(new AskError('timeout')), milliseconds);
      };
      stillThere();
      /** @type {AskError | null} */
      let failed = null;
      try {
        for await (const event of ask(turn.question, this.#history(), controller.signal, stillThere)) {
          this.#scroll(turn, false, () => {
            if (event.name === 'sentence') turn.add(event.sentence, event.citations);
            else turn.finish(event.answer, event.body);
          });
        }
      } catch (error) {
        if (!(error instanceof AskError)) throw error;
        failed = error;
      } finally {
        clearTimeout(timer);
        controller.abort(); // lets go of a stream that was not read to its end
        this.#running = null;
        this.#showRunning();
      }
      if (!this.#turns.includes(turn)) return; // a new chat was begun meanwhile
      if (failed) {
        const error = failed;
        this.#scroll(turn, false, () => turn.fail(error, () => this.#retry(turn)));
        if (!input.value && error.failure !== 'stopped') input.value = turn.question;
      }
      this.#save();
      this.#say(turn.summary(failed));
    }

    /** @param {Turn} turn */
    #retry(turn) {
      if (this.#running) return;
      this.#parts().input.focus(); // the button that had the focus is about to go
      this.#run(turn);
    }

    /** Completed turns as the API takes them. @returns {Message[]} */
    #history() {
      /** @type {Message[]} */
      const messages = [];
      for (const { question, answer } of this.#turns) {
        if (!answer) continue;
        messages.push({ role: 'user', content: question }, { role: 'assistant', content: answer.answer });
      }
      return messages.slice(-MAX_HISTORY);
    }

    #newChat() {
      this.#turns = [];
      this.#running?.abort(new AskError('stopped'));
      const { log, start, input } = this.#parts();
      log.replaceChildren(start);
      start.hidden = false;
      this.#say('');
      this.#save();
      this.#showRunning();
      input.focus();
    }

    #showRunning() {
      const { header, send, stop, newChat, input } = this.#parts();
      const running = Boolean(this.#running);
      const leaving = running ? send : stop;
      const focused = this.shadowRoot?.activeElement === leaving;
      send.hidden = running;
      stop.hidden = !running;
      newChat.hidden = !this.#turns.length;
      header.hidden = newChat.hidden && this.#inline && !this.#option('title');
      if (focused) input.focus();
    }

    /**
     * Keeps the newest words in sight while the visitor is at the end, but never scrolls the question
     * itself away: a long answer is read from its beginning. An inline widget that grows under the hands
     * of its visitor also keeps its input on the screen.
     * @param {Turn} turn
     * @param {boolean} always
     * @param {() => void} [change]
     */
    #scroll(turn, always, change = () => {}) {
      const { log, panel } = this.#parts();
      const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
      change();
      if (!atEnd && !always) return;
      log.scrollTop = Math.min(log.scrollHeight, turn.element.offsetTop - 16);
      if (this.#inline && this.shadowRoot?.activeElement) panel.scrollIntoView({ block: 'nearest' });
    }

    /** @param {string} text for screen readers, once; '' takes back what has been said */
    #say(text) {
      this.#parts().announcer.textContent = text;
    }

    async #suggest() {
      if (this.#suggested) return;
      this.#suggested = true;
      const questions = await fetchSuggestions();
      if (!questions.length) return;
      const label = el('p', { class: 'label', id: newId() }, this.#texts.suggestions);
      const buttons = questions.map((question) =>
        el('li', {}, el('button', { type: 'button', class: 'quiet', dir: 'auto', click: () => this.#suggestion(question) }, question)),
      );
      this.#parts().start.append(
        el('div', { class: 'suggestions' }, label, el('ul', { 'aria-labelledby': label.id }, ...buttons)),
      );
    }

    /** @param {string} question */
    #suggestion(question) {
      this.#parts().input.focus(); // the button that had the focus is about to go
      this.ask(question);
    }

    // ------------------------------------------------------------ kept for this tab

    get #storageKey() {
      return `footnote-chat ${BASE} ${this.id}`;
    }

    /** Kept in session storage alone: these may be questions about health on a shared device. */
    #save() {
      const turns = this.#turns.filter(({ answer }) => answer).map(({ question, body }) => ({ question, body }));
      try {
        sessionStorage.setItem(this.#storageKey, JSON.stringify(turns));
      } catch (error) {
        // Storage may be forbidden or full: then the conversation lasts as long as the page.
        if (!(error instanceof DOMException)) throw error;
      }
    }

    #restore() {
      try {
        const turns = list(json(sessionStorage.getItem(this.#storageKey) ?? '[]'), (item) => {
          const { question, body } = record(item);
          const turn = new Turn(string(question), this.#texts);
          turn.finish(readAnswer(body), body);
          return turn;
        });
        this.#turns = turns;
      } catch (error) {
        // Forbidden, or written by another version of this file: begin afresh.
        if (!(error instanceof DOMException || error instanceof AskError)) throw error;
      }
      this.#parts().log.append(...this.#turns.map(({ element }) => element));
      this.#parts().start.hidden = this.#turns.length > 0;
    }

    // ------------------------------------------------------------ building

    /** @type {ReturnType<FootnoteChat['_elements']> | null} */
    #elements = null;

    #parts() {
      return (this.#elements ??= this._elements());
    }

    /** The elements that stay for as long as the widget does. */
    _elements() {
      const texts = this.#texts;
      const title = this.#option('title') || texts.title;
      // A page that places the widget by hand mostly has a heading of its own above it.
      const titled = !this.#inline || this.#option('title');
      const heading = titled ? el('h2', { dir: 'auto' }, title) : '';
      const newChat = el(
        'button',
        { type: 'button', class: 'bare', click: () => this.#newChat() },
        icon(ICONS.newChat),
        el('span', {}, texts.newChat),
      );
      const close = el(
        'button',
        { type: 'button', class: 'bare', 'aria-label': texts.close, click: () => this.close() },
        icon(ICONS.close),
      );
      const start = el('div', { class: 'start' }, el('p', { class: 'intro' }, texts.intro));
      // A log is live by its role; what is finished is said once by the announcer instead.
      const log = el(
        'div',
        { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': texts.conversation, tabindex: '0' },
        start,
      );
      const input = el('textarea', {
        rows: '1',
        maxlength: String(MAX_QUESTION),
        dir: 'auto',
        'aria-label': texts.input,
        placeholder: texts.placeholder,
        enterkeyhint: 'send',
        keydown: (/** @type {KeyboardEvent} */ event) => this.#onInputKey(event),
      });
      const send = el('button', { type: 'submit', class: 'solid' }, texts.send);
      const stop = el(
        'button',
        { type: 'button', class: 'quiet', click: () => this.#running?.abort(new AskError('stopped')) },
        texts.stop,
      );
      const form = el('form', { submit: (/** @type {Event} */ event) => this.#onSubmit(event) }, input, send, stop);
      const announcer = el('span', { slot: 'announcer', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'true' });
      const header = el('header', {}, heading, newChat, this.#inline ? '' : close);
      const panel = el(
        this.#inline ? 'section' : 'dialog',
        { class: 'panel', dir: texts.dir, 'aria-label': title, tabindex: '-1' },
        header,
        log,
        form,
        el('slot', { name: 'announcer' }),
      );
      const launcher = el(
        'button',
        { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog', click: () => this.open() },
        icon(ICONS.chat),
        el('span', { dir: 'auto' }, title),
      );
      return { panel, header, log, start, input, send, stop, newChat, announcer, launcher };
    }

    #build() {
      this.#built = true;
      const { lang, texts } = textsFor(this.#option('lang'));
      this.#texts = texts;
      const { panel, launcher, announcer } = this.#parts();
      panel.lang = lang;
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [STYLES];
      root.append(panel, ...(this.#inline ? [] : [launcher]));
      if (!this.#inline) {
        panel.setAttribute('role', 'dialog');
        panel.addEventListener('keydown', (event) => this.#onPanelKey(/** @type {KeyboardEvent} */ (event)));
        panel.addEventListener('cancel', (event) => {
          event.preventDefault(); // the back gesture of a phone
          this.close();
        });
      }
      // In the light DOM, where every screen reader finds it, and out of reach of the page's own rules.
      for (const [name, value] of [
        ['all', 'initial'], ['display', 'block'], ['position', 'absolute'], ['width', '1px'], ['height', '1px'],
        ['overflow', 'hidden'], ['clip-path', 'inset(50%)'], ['white-space', 'nowrap'],
      ]) {
        announcer.style.setProperty(name, value, 'important');
      }
      this.append(announcer);
      this.#restore();
      this.#showRunning();
    }

    /** @param {Event} event */
    #onSubmit(event) {
      event.preventDefault();
      this.ask(this.#parts().input.value);
    }

    /** @param {KeyboardEvent} event */
    #onInputKey(event) {
      // The Enter that picks a word of an input method is not the one that sends.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#running) this.ask(this.#parts().input.value);
    }

    /** @param {KeyboardEvent} event */
    #onPanelKey(event) {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }

    // Turning the phone or resizing the window changes between floating and filling the screen.
    #onScreen = () => {
      const { panel } = this.#parts();
      if (!(panel instanceof HTMLDialogElement) || !panel.open) return;
      const focused = /** @type {HTMLElement | null} */ (this.shadowRoot?.activeElement);
      panel.close();
      if (this.#smallScreen.matches) panel.showModal();
      else panel.show();
      (focused ?? panel).focus();
    };
  }

  customElements.define('footnote-chat', FootnoteChat);

  const start = () => {
    if (!document.querySelector('footnote-chat')) document.body.append(document.createElement('footnote-chat'));
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
  else start();
})();
