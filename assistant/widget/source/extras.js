/** What stands under a finished answer: copying it, and saying whether it helped. */
import { asText } from './copying.js';
import { button, el, icon, newId } from './dom.js';
import { AskError } from './failures.js';
import { BASE } from './script.js';
/** @import {Rating} from './types.js' */
/** @import {Texts} from './strings.js' */
/** @import {Turn} from './turn.js' */

const CONFIRMED = 2500; // ms that "Copied" stands

/**
 * @typedef {object} Wishes
 * @property {Texts} texts
 * @property {(text: string) => void} say for screen readers
 * @property {(turn: Turn, rating: Rating) => Promise<void>} rate gives the turn its rating; throws an
 *   AskError if it was not taken
 */

/** @param {Turn} turn @param {Wishes} wishes */
export const extrasOf = (turn, wishes) => {
  const row = el('div', { class: 'extras', part: 'extras' }, copyButton(turn, wishes));
  if (turn.ratable && turn.answer?.status !== 'redirected') row.append(...rating(turn, wishes));
  return row;
};

/** @param {Turn} turn @param {Wishes} wishes */
const copyButton = (turn, { texts, say }) => {
  const label = el('span', {}, texts.copy);
  const copy = button('bare', { 'aria-label': texts.copyLabel }, icon('copy'), label);
  copy.addEventListener('click', async () => {
    if (!turn.answer) return;
    const done = await copied(asText(turn.question, turn.answer, texts.sources, BASE), copy);
    label.textContent = done ? texts.copied : texts.notCopied;
    say(label.textContent);
    setTimeout(() => (label.textContent = texts.copy), CONFIRMED);
  });
  return copy;
};

/**
 * @param {string} text
 * @param {HTMLElement} near where a field may stand for an instant
 */
const copied = async (text, near) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    // Refused, or not there at all: pages without TLS have no clipboard but this one.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    const field = el('textarea', { class: 'unseen', 'aria-hidden': 'true' });
    field.value = text;
    near.after(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    near.focus();
    return done;
  }
};

/** @param {Turn} turn @param {Wishes} wishes */
const rating = (turn, { texts, say, rate }) => {
  const label = el('span', { id: newId() }, texts.helpful);
  const reason = el('textarea', { rows: '1', maxlength: '1000', dir: 'auto', 'aria-label': texts.reason, placeholder: texts.reason });
  const told = el('p', { class: 'told' });
  const more = el('form', { class: 'reason', hidden: true }, reason, el('button', { class: 'quiet' }, texts.sendReason));
  const thumbs = [true, false].map((helpful) =>
    button(
      'bare thumb',
      { 'aria-label': helpful ? texts.yes : texts.no, title: helpful ? texts.yes : texts.no, click: () => send(helpful) },
      icon(helpful ? 'up' : 'down'),
    ),
  );
  const show = () => {
    thumbs.forEach((thumb, place) => thumb.setAttribute('aria-pressed', String(wanted?.helpful === !place)));
    more.hidden = !wanted;
  };
  let wanted = turn.rating;
  let sending = false;
  reason.value = wanted?.reason ?? '';
  /** @param {boolean} helpful */
  const send = async (helpful) => {
    // Shown at once, taken back if the server does not take it.
    wanted = { helpful, reason: reason.value.trim() };
    show();
    if (sending) return; // what is under way is followed by the last of those that wait for it
    sending = true;
    try {
      while (wanted && turn.rating !== wanted) await rate(turn, wanted);
      told.textContent = texts.thanks;
    } catch (error) {
      if (!(error instanceof AskError)) throw error;
      wanted = turn.rating;
      show();
      told.textContent = texts.notSent;
    } finally {
      sending = false;
    }
    say(told.textContent);
  };
  more.addEventListener('submit', (event) => {
    event.preventDefault();
    send(Boolean(wanted?.helpful));
  });
  show();
  return [el('div', { class: 'rating', role: 'group', 'aria-labelledby': label.id }, label, ...thumbs), more, told];
};
