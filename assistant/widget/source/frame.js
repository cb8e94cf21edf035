/** The elements that stay for as long as the widget does, before anything has been asked. */
import { button, el, icon, newId } from './dom.js';
/** @import {Texts} from './strings.js' */

/** @typedef {ReturnType<typeof frame>} Parts */

/**
 * What is typed here is no shortcut of the page: outside, a key seems to come from an element that
 * is no field, and a site would take a letter for a command.
 * @param {KeyboardEvent} event
 */
const keepKey = (event) => {
  const command = event.ctrlKey || event.metaKey || event.key === 'Escape' || event.key === 'Tab';
  if (event.target instanceof HTMLTextAreaElement && !command) event.stopPropagation();
};
const KEYS = { keydown: keepKey, keypress: keepKey, keyup: keepKey };

/**
 * The focus goes where typing goes on. On a touch screen that would raise the keyboard over what
 * there is to read.
 * @param {Pick<Parts, 'panel' | 'input'>} parts
 */
export const rest = ({ panel, input }) => {
  if (matchMedia('(hover: none)').matches) panel.focus({ preventScroll: true });
  else input.focus();
};

/**
 * @param {object} options
 * @param {Texts} options.texts
 * @param {string} options.lang of the texts
 * @param {string} options.title its name for screen readers, and above it if `titled`
 * @param {boolean} options.titled
 * @param {boolean} options.inline
 * @param {Record<'open' | 'close' | 'newChat' | 'cancelEdit' | 'submit', () => void>
 *   & {stop: (event: UIEvent) => void}} on
 */
export const frame = ({ texts, lang, title, titled, inline }, on) => {
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

  const tooLong = el('p', { class: 'too-long', id: newId(), hidden: true });
  const input = el('textarea', {
    part: 'input', rows: '1', dir: 'auto', enterkeyhint: 'send',
    'aria-label': texts.input, 'aria-describedby': tooLong.id, placeholder: texts.placeholder,
  });
  const send = el('button', { type: 'submit', class: 'solid', part: 'button send' }, texts.send);
  const stop = button('quiet', { part: 'button stop', click: on.stop }, texts.stop);
  const cancel = button('quiet', { click: on.cancelEdit }, texts.cancel);
  const editing = el('div', { class: 'editing', hidden: true }, el('p', {}, texts.editing), cancel);
  const form = el('form', { part: 'form' }, editing, tooLong, input, send, stop);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    on.submit();
  });

  const panel = el(
    inline ? 'section' : 'dialog',
    { class: 'panel', part: 'panel', dir: texts.dir, lang, 'aria-label': title, tabindex: '-1', ...KEYS },
    header,
    log,
    kept,
    form,
    el('slot', { name: 'announcer' }),
  );
  const launcher = button(
    'solid launcher',
    { part: 'launcher', dir: texts.dir, lang, 'aria-haspopup': 'dialog', click: on.open },
    icon('chat'),
    el('span', { dir: 'auto' }, title),
  );
  return { panel, header, log, start, turns, kept, input, send, stop, editing, tooLong, newChat, launcher };
};

/**
 * Shows what there is to do now.
 * @param {Parts} parts
 * @param {{running: boolean, empty: boolean, onDevice: boolean}} now running: an answer is coming in;
 *   empty: nothing has been asked; onDevice: the conversation outlives the tab
 */
export const show = (parts, { running, empty, onDevice }) => {
  const { panel, header, start, send, stop, newChat, kept, input } = parts;
  const { activeElement } = /** @type {ShadowRoot} */ (panel.getRootNode());
  const changed = panel.hasAttribute('data-running') !== running;
  const leaving = changed && (running ? [send, input] : [stop]).some((element) => element === activeElement);
  panel.toggleAttribute('data-running', running);
  send.hidden = running;
  stop.hidden = !running;
  start.hidden = !empty;
  newChat.hidden = empty;
  kept.hidden = empty || !onDevice;
  header.hidden = [...header.children].every((child) => /** @type {HTMLElement} */ (child).hidden);
  if (leaving) rest(parts);
};
