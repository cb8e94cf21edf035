/** Changing the last question: it goes back into the input, and what stood there is kept meanwhile. */
import { write } from './dom.js';
/** @import {Parts} from './frame.js' */

export class Editing {
  #input;
  #notice;
  /** @type {string | null} what stood in the input before */
  #draft = null;

  /** @param {Parts} parts */
  constructor({ input, editing }) {
    this.#input = input;
    this.#notice = editing;
  }

  get active() {
    return this.#draft !== null;
  }

  /** @param {string} question */
  begin(question) {
    this.#draft ??= this.#input.value;
    this.#notice.hidden = false;
    write(this.#input, question);
    this.#input.focus();
    this.#input.select();
  }

  end() {
    if (this.#draft === null) return;
    write(this.#input, this.#draft);
    this.#draft = null;
    this.#notice.hidden = true;
    this.#input.focus();
  }
}
