/** A question longer than the API takes: it says by how much, and is not sent. */
import { fill } from './strings.js';
/** @import {Parts} from './frame.js' */
/** @import {Texts} from './strings.js' */

const MOST = 2000; // code points

/** @param {string} question @returns {number} code points too many */
export const excess = (question) => Math.max(0, [...question.trim()].length - MOST);

/**
 * @param {Parts} parts
 * @param {Texts} texts
 * @param {(text: string) => void} say for screen readers
 */
export const watchLength = ({ input, tooLong }, texts, say) => {
  input.addEventListener('input', () => {
    const n = excess(input.value);
    const within = tooLong.hidden;
    tooLong.hidden = !n;
    tooLong.textContent = n ? fill(texts.tooLong, { n }) : '';
    input.setAttribute('aria-invalid', String(n > 0));
    if (n && within) say(tooLong.textContent);
  });
};
