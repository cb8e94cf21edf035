/**
 * Where a conversation is kept: for this tab alone, unless the site asks for more. These may be
 * questions about health on a device that is shared.
 */
import { readAnswer } from './answer.js';
import { AskError } from './failures.js';
import { asJson } from './plain.js';
import { BASE } from './script.js';
import { json, list, record, string } from './shapes.js';
/** @import {Kept, Rating} from './types.js' */

/** @param {HTMLElement} chat what tells it apart from the others of its page */
export const placeOf = (chat) => {
  if (chat.id) return chat.id;
  // Several without a name are told apart by their order.
  const place = [...document.querySelectorAll('footnote-chat:not([id])')].indexOf(chat);
  return place > 0 ? String(place) : '';
};

export class Memory {
  /**
   * @param {boolean} onDevice in local storage, beyond this tab
   * @param {string} name tells several widgets of one page apart
   */
  constructor(onDevice, name) {
    this.onDevice = onDevice;
    this.key = `footnote-chat ${BASE} ${name}`;
  }

  /** @returns {Kept[]} */
  load() {
    try {
      return list(json(this.#storage.getItem(this.key) ?? '[]'), (item) => {
        const { question, body, ratable, rating } = record(item);
        return {
          question: string(question),
          answer: body ? readAnswer(body) : null,
          body,
          ratable: ratable === true,
          rating: rating ? /** @type {Rating} */ (record(rating)) : null,
        };
      });
    } catch (error) {
      // Forbidden, or written by another version of this file: begin afresh.
      if (!(error instanceof DOMException || error instanceof AskError)) throw error;
      return [];
    }
  }

  /** @param {Kept[]} turns */
  save(turns) {
    try {
      const items = turns.map(({ question, body, ratable, rating }) => ({ question, body, ratable, rating }));
      if (items.length) this.#storage.setItem(this.key, asJson(items));
      else this.#storage.removeItem(this.key);
    } catch (error) {
      // Storage may be forbidden or full: then the conversation lasts as long as the page.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  get #storage() {
    return this.onDevice ? localStorage : sessionStorage;
  }
}
