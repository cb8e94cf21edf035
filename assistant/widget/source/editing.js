/** Changing the last question: it goes back into the input, and what stood there is kept meanwhile. */
import { write } from './dom.js';
/** @import {Parts} from './frame.js' */
/** @typedef {ReturnType<typeof editingOf>} Editing */

/** @param {Parts} parts */
export const editingOf = ({ input, editing }) => {
  /** @type {string | null} what stood in the input before */
  let draft = null;
  return {
    get active() {
      return draft !== null;
    },

    /** @param {string} question */
    begin(question) {
      draft ??= input.value;
      editing.hidden = false;
      write(input, question);
      input.focus();
      input.select();
    },

    end() {
      if (draft === null) return;
      write(input, draft);
      draft = null;
      editing.hidden = true;
      input.focus();
    },
  };
};
