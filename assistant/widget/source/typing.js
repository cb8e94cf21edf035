/** The keys of the input: Enter asks, Shift+Enter begins a line, Escape gives up changing a question. */
/** @import {Editing} from './editing.js' */

/**
 * @param {HTMLTextAreaElement} input
 * @param {() => void} send
 * @param {Editing} editing
 */
export const watchKeys = (input, send, editing) => {
  input.addEventListener('keydown', (event) => {
    // The Enter that picks a word of an input method is not the one that sends; Safari tells it only
    // by this code.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && editing.active) {
      event.stopPropagation();
      event.preventDefault();
      editing.end();
    }
  });
};
