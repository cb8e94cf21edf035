/**
 * The footnotes of one answer: numbered buttons, and the card with the quote that hovering, focusing
 * or pressing one opens. A card that is only looked at lies over the text; one that was pressed for
 * takes its place in it, so that it covers nothing, and stays until the next press or Escape. It owns
 * which card is open: one at a time.
 */
import { button, el, newId } from './dom.js';
import { passage } from './sources.js';
import { fill } from './strings.js';
/** @import {Citation} from './types.js' */
/** @import {Texts} from './strings.js' */

// WCAG 1.4.13: the pointer has time to move from the number onto the card.
const OPEN_AFTER = 120; // ms of hovering
const CLOSE_AFTER = 300;

export class Footnotes {
  /** @type {{button: HTMLElement, card: HTMLElement, pinned: boolean} | null} */
  #open = null;
  #prose;
  #texts;
  #timer = 0;
  #dismissing = false;

  /**
   * @param {HTMLElement} prose what the cards lie over
   * @param {Texts} texts
   */
  constructor(prose, texts) {
    this.#prose = prose;
    this.#texts = texts;
    prose.addEventListener('focusout', ({ relatedTarget }) => {
      const to = /** @type {Node | null} */ (relatedTarget);
      const open = this.#open;
      // Focus that goes nowhere (a click on the card's text, another window) closes nothing.
      if (open && !open.pinned && to && to !== open.button && !open.card.contains(to)) this.close();
    });
  }

  /** @param {Citation} citation @returns {[HTMLElement, HTMLElement]} the button and its card */
  make(citation) {
    const { id: n, title } = citation;
    const card = el(
      'span',
      {
        class: 'note', part: 'note', id: newId(), role: 'note', hidden: true,
        'aria-label': fill(this.#texts.note, { n }),
        pointerenter: () => clearTimeout(this.#timer),
        pointerleave: () => this.#leave(),
      },
      ...passage(citation, this.#texts),
    );
    const number = button(
      'footnote',
      {
        part: 'footnote',
        'aria-expanded': 'false',
        'aria-controls': card.id,
        'aria-label': fill(this.#texts.footnote, { n, title }),
        // The second click of a double one would take back what the first has done.
        click: (/** @type {UIEvent} */ { detail }) => detail > 1 || this.#press(number, card),
        focus: () => {
          if (number.matches(':focus-visible')) this.#peek(number, card);
        },
        pointerenter: (/** @type {PointerEvent} */ { pointerType }) => {
          if (pointerType === 'mouse') this.#after(OPEN_AFTER, () => this.#peek(number, card));
        },
        pointerleave: () => this.#leave(),
      },
      String(n),
    );
    return [number, card];
  }

  /** @returns {HTMLElement | null} the button whose card was open */
  close() {
    clearTimeout(this.#timer);
    const open = this.#open;
    this.#open = null;
    if (!open) return null;
    open.button.setAttribute('aria-expanded', 'false');
    open.card.hidden = true;
    open.card.classList.remove('pinned');
    return open.button;
  }

  /** @returns {boolean} whether a card was open, which is closed now, with the focus on its number */
  dismiss() {
    const number = this.close();
    this.#dismissing = true;
    number?.focus();
    this.#dismissing = false;
    return number !== null;
  }

  /** @param {HTMLElement} number @param {HTMLElement} card */
  #press(number, card) {
    const wasPinned = this.#open?.card === card && this.#open.pinned;
    number.focus(); // Safari does not focus a button that is clicked
    if (wasPinned) {
      this.close();
      return;
    }
    this.#show(number, card);
    if (this.#open) this.#open.pinned = true;
    card.classList.add('pinned');
    card.scrollIntoView({ block: 'nearest' });
  }

  /** @param {HTMLElement} number @param {HTMLElement} card */
  #peek(number, card) {
    // The text must not move because the pointer or the focus passes by.
    if (!this.#open?.pinned && !this.#dismissing) this.#show(number, card);
  }

  /** @param {HTMLElement} number @param {HTMLElement} card */
  #show(number, card) {
    clearTimeout(this.#timer);
    if (this.#open?.card === card) return;
    this.close();
    this.#open = { button: number, card, pinned: false };
    number.setAttribute('aria-expanded', 'true');
    card.hidden = false;
    this.#place(number, card);
  }

  /**
   * Below the line of its number, or above where only that is in sight.
   * @param {HTMLElement} number
   * @param {HTMLElement} card
   */
  #place(number, card) {
    const gap = 6;
    const { top } = this.#prose.getBoundingClientRect();
    const at = number.getBoundingClientRect();
    const view = /** @type {HTMLElement} */ (this.#prose.closest('.log')).getBoundingClientRect();
    const height = card.offsetHeight + gap;
    const above = at.bottom + height > view.bottom && at.top - height >= view.top;
    card.style.setProperty('inset-block-start', `${above ? at.top - height - top : at.bottom + gap - top}px`);
  }

  #leave() {
    const open = this.#open;
    const held = open && (open.pinned || open.button.matches(':focus-visible') || open.card.matches(':focus-within'));
    if (held) return;
    this.#after(CLOSE_AFTER, () => this.close());
  }

  /** @param {number} milliseconds @param {() => void} what */
  #after(milliseconds, what) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(what, milliseconds);
  }
}
