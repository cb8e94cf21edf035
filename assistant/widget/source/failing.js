/** What a visitor reads when a question has no answer, and the button that asks again. */
import { button, el } from './dom.js';
import { fill } from './strings.js';
/** @import {AskError} from './failures.js' */
/** @import {Texts} from './strings.js' */

/** @param {AskError} error @param {Texts} texts */
export const explain = ({ failure, detail }, texts) => {
  const over = ['stopped', 'unavailable'].includes(failure);
  const parts = [texts[failure], failure === 'rejected' && detail, !over && texts.keptQuestion];
  return parts.filter(Boolean).join(' ');
};

/**
 * A server that named a time is left alone until then: the button counts down.
 * @param {AskError} error
 * @param {Texts} texts
 * @param {() => void} retry
 */
export const failureNotice = (error, texts, retry) => {
  const again = button('quiet', { click: retry }, texts.retry);
  const notice = el('div', { class: 'failure', part: 'failure' }, el('p', {}, explain(error, texts)));
  if (error.failure === 'unavailable') return notice; // asking again does not help
  notice.append(again);
  if (!error.seconds) return notice;
  const until = Date.now() + error.seconds * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    again.disabled = left > 0;
    again.textContent = left > 0 ? fill(texts.retryIn, { n: left }) : texts.retry;
    if (left > 0) setTimeout(tick, 500);
  };
  tick();
  return notice;
};
