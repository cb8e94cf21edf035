/** A panel with its conversation, built of the options of an element that may hand both to another. */
import { announcer } from './announcer.js';
import { Conversation } from './conversation.js';
import { frame } from './frame.js';
import { panelOf } from './panel.js';
import { textsFor } from './strings.js';
/** @import {Memory} from './memory.js' */
/** @import {Options} from './options.js' */
/** @typedef {ReturnType<typeof make>} Made */
/** @typedef {HTMLElement & {open: () => void, close: () => void}} Chat */

const DEFAULT_TIMEOUT = 30; // seconds without a byte

/**
 * @param {Options} options
 * @param {Memory} memory
 */
export const make = (options, memory) => {
  const inline = options.inline();
  const around = options.around();
  const { texts: words, lang } = textsFor(options.option('lang') || around);
  const texts = { ...words, lang: around };
  const title = options.option('title') || texts.title;
  const line = announcer();
  /** @type {{chat: Chat}} the element that has it now */
  const holder = { chat: options.element };
  /** @param {string} text for screen readers, once */
  const say = (text) => {
    line.textContent = text;
  };
  /** @param {string} name @param {object} [detail] */
  const emit = (name, detail = {}) =>
    holder.chat.dispatchEvent(new CustomEvent(`footnote-${name}`, { bubbles: true, composed: true, detail }));
  const parts = frame(
    {
      texts, lang, title, inline,
      // A page that places the widget by hand mostly has a heading of its own above it.
      titled: !inline || Boolean(options.option('title')),
    },
    {
      open: () => holder.chat.open(),
      close: () => holder.chat.close(),
      newChat: () => conversation.clear(),
      stop: (click) => conversation.stop(click),
      cancelEdit: () => conversation.editing.end(),
      submit: () => conversation.ask(parts.input.value),
    },
  );
  const timeout = (Number(options.option('timeout')) || DEFAULT_TIMEOUT) * 1000;
  const conversation = new Conversation({ parts, texts, memory, timeout, say, emit });
  const panel = panelOf(parts, emit);
  return { conversation, panel, launcher: parts.launcher, holder, say, line, memory, inline, words: options.words(), timer: 0 };
};
