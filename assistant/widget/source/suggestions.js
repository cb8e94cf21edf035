/** Questions to ask with one click: at the start, and those not yet asked under the last answer. */
import { button, el, newId } from './dom.js';
import { fetchSuggestions } from './client.js';
import { theirs } from './strings.js';
/** @import {Texts} from './strings.js' */

const AT_START = 6;
const AFTERWARDS = 3;

/**
 * @param {Texts} texts
 * @param {(question: string) => void} ask
 */
export const suggestionsOf = (texts, ask) => {
  const label = el('p', { class: 'label', id: newId() });
  const items = el('ul', { 'aria-labelledby': label.id });
  const element = el('div', { class: 'suggestions', part: 'suggestions', hidden: true }, label, items);
  /** @type {string[]} */
  let questions = [];
  return {
    element,

    /**
     * Fetches them when they are first wanted, and after an answer those that are related to it.
     * @param {string} [beside] the question that has been answered
     */
    async load(beside) {
      if (beside || !questions.length) questions = await fetchSuggestions(beside);
    },

    /**
     * @param {string[]} asked so far; what has been asked is not suggested
     * @param {boolean} none while an answer is coming in, for one
     */
    show(asked, none) {
      const first = !asked.length;
      const left = questions.filter((question) => !asked.includes(question));
      const shown = left.slice(0, first ? AT_START : AFTERWARDS);
      label.textContent = first ? texts.suggestions : texts.more;
      items.replaceChildren(
        ...shown.map((question) =>
          el('li', {}, button('quiet', { part: 'suggestion', ...theirs(texts), click: () => ask(question) }, question)),
        ),
      );
      element.hidden = none || !shown.length;
    },
  };
};
