/** The elements that stay for as long as the widget does, before anything has been asked. */
import { button, el, icon } from './dom.js';
/** @import {Texts} from './strings.js' */

const MAX_QUESTION = 2000; // the API's limit, in code points; a field counts UTF-16 units, which are never fewer

/** @typedef {ReturnType<typeof frame>} Parts */

/**
 * @param {object} options
 * @param {Texts} options.texts
 * @param {string} options.lang of the texts
 * @param {string} options.title its name for screen readers, and above it if `titled`
 * @param {boolean} options.titled
 * @param {boolean} options.inline
 * @param {string} options.theme light, dark, or what the visitor prefers
 * @param {Record<'open' | 'close' | 'newChat' | 'stop' | 'cancelEdit' | 'submit', () => void>} on
 */
export const frame = ({ texts, lang, title, titled, inline, theme }, on) => {
  const newChat = button('bare', { part: 'button', click: on.newChat }, icon('newChat'), el('span', {}, texts.newChat));
  const close = inline ? '' : button('bare', { part: 'button', 'aria-label': texts.close, click: on.close }, icon('close'));
  const heading = titled ? el('h2', { dir: 'auto', part: 'title' }, title) : '';
  const header = el('div', { class: 'head', part: 'header' }, heading, newChat, close);

  const start = el('p', { class: 'intro', part: 'intro' }, texts.intro);
  const turns = el('div', { class: 'turns' });
  const kept = el('p', { class: 'kept' }, texts.kept, ' ', button('bare', { click: on.newChat }, texts.forget));
  // A log is live by its role; what is finished is said once by the announcer instead.
  const log = el(
    'div',
    { class: 'log', part: 'log', role: 'log', 'aria-live': 'off', 'aria-label': texts.conversation, tabindex: '0' },
    start,
    turns,
  );

  const input = el('textarea', {
    part: 'input', rows: '1', maxlength: String(MAX_QUESTION), dir: 'auto', enterkeyhint: 'send',
    'aria-label': texts.input, placeholder: texts.placeholder,
  });
  const send = el('button', { type: 'submit', class: 'solid', part: 'button send' }, texts.send);
  const stop = button('quiet', { part: 'button stop', click: on.stop }, texts.stop);
  const cancel = button('quiet', { click: on.cancelEdit }, texts.cancel);
  const editing = el('div', { class: 'editing', hidden: true }, el('p', {}, texts.editing), cancel);
  const form = el('form', { part: 'form' }, editing, input, send, stop);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    on.submit();
  });

  const panel = el(
    inline ? 'section' : 'dialog',
    { class: 'panel', part: 'panel', dir: texts.dir, lang, 'data-theme': theme, 'aria-label': title, tabindex: '-1' },
    header,
    log,
    kept,
    form,
    el('slot', { name: 'announcer' }),
  );
  const launcher = button(
    'launcher',
    { part: 'launcher', dir: texts.dir, lang, 'data-theme': theme, 'aria-haspopup': 'dialog', click: on.open },
    icon('chat'),
    el('span', { dir: 'auto' }, title),
  );
  return { panel, header, log, start, turns, kept, input, send, stop, editing, newChat, launcher };
};

/**
 * Shows what there is to do now.
 * @param {Parts} parts
 * @param {{running: boolean, empty: boolean, onDevice: boolean}} now running: an answer is coming in;
 *   empty: nothing has been asked; onDevice: the conversation outlives the tab
 */
export const show = ({ panel, header, start, send, stop, newChat, kept, input }, { running, empty, onDevice }) => {
  const root = /** @type {ShadowRoot} */ (panel.getRootNode());
  const leaving = root.activeElement === (running ? send : stop);
  panel.toggleAttribute('data-running', running);
  send.hidden = running;
  stop.hidden = !running;
  start.hidden = !empty;
  newChat.hidden = empty;
  kept.hidden = empty || !onDevice;
  header.hidden = [...header.children].every((child) => /** @type {HTMLElement} */ (child).hidden);
  if (leaving) input.focus();
};
