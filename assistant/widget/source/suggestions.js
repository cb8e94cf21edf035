/** Questions to ask with one click: at the start, and those not yet asked under the last answer. */
import { button, el, newId } from './dom.js';
import { fetchSuggestions } from './client.js';
import { theirs } from './strings.js';
/** @import {Texts} from './strings.js' */

const AT_START = 6;
const AFTERWARDS = 3;

export class Suggestions {
  #texts;
  #ask;
  #label;
  #list;
  /** @type {Promise<string[]> | null} */
  #coming = null;
  /** @type {string[]} */
  #questions = [];

  /**
   * @param {Texts} texts
   * @param {(question: string) => void} ask
   */
  constructor(texts, ask) {
    this.#texts = texts;
    this.#ask = ask;
    this.#label = el('p', { class: 'label', id: newId() });
    this.#list = el('ul', { 'aria-labelledby': this.#label.id });
    this.element = el('div', { class: 'suggestions', part: 'suggestions', hidden: true }, this.#label, this.#list);
  }

  /** Fetches them when they are first wanted. */
  async load() {
    if (this.#coming) return;
    this.#coming = fetchSuggestions();
    this.#questions = await this.#coming;
  }

  /**
   * Fetches those that are related to a question that has been answered.
   * @param {string} question
   */
  async beside(question) {
    this.#questions = await fetchSuggestions(question);
  }

  /**
   * @param {string[]} asked so far; what has been asked is not suggested
   * @param {boolean} none while an answer is coming in, for one
   */
  show(asked, none) {
    const first = !asked.length;
    const left = this.#questions.filter((question) => !asked.includes(question));
    const shown = left.slice(0, first ? AT_START : AFTERWARDS);
    this.#label.textContent = first ? this.#texts.suggestions : this.#texts.more;
    this.#list.replaceChildren(
      ...shown.map((question) =>
        el('li', {}, button('quiet', { part: 'suggestion', ...theirs(this.#texts), click: () => this.#ask(question) }, question)),
      ),
    );
    this.element.hidden = none || !shown.length;
  }
}
