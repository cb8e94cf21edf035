/** What a page says of one widget: on its element, else on the script tag. */
import { script } from './script.js';
/** @import {Chat} from './making.js' */
/** @typedef {ReturnType<typeof optionsOf>} Options */

/** @param {Chat} element */
export const optionsOf = (element) => {
  /** @param {string} name */
  const option = (name) => element.dataset[name] ?? script?.dataset[name] ?? '';
  /** The language of the page around. */
  const around = () => element.closest('[lang]')?.getAttribute('lang') ?? '';
  return {
    element,
    option,
    around,
    inline: () => element.hasAttribute('inline'),
    /** What the words of the widget depend on. */
    words: () => `${around()}\n${option('lang')}\n${option('title')}`,
  };
};
