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

/**
 * @param {HTMLElement} prose what the cards lie over
 * @param {Texts} texts
 */
export const footnotes = (prose, texts) => {
  /** @type {{button: HTMLElement, card: HTMLElement, pinned: boolean} | null} */
  let open = null;
  let timer = 0;
  let dismissing = false;

  prose.addEventListener('focusout', ({ relatedTarget }) => {
    const to = /** @type {Node | null} */ (relatedTarget);
    // Focus that goes nowhere (a click on the card's text, another window) closes nothing.
    if (open && !open.pinned && to && to !== open.button && !open.card.contains(to)) close();
  });

  /** @param {Citation} citation @returns {[HTMLElement, HTMLElement]} the button and its card */
  const make = (citation) => {
    const { id: n, title } = citation;
    const card = el(
      'span',
      {
        class: 'note', part: 'note', id: newId(), role: 'note', hidden: true,
        'aria-label': fill(texts.note, { n }),
        pointerenter: () => clearTimeout(timer),
        pointerleave: () => leave(),
      },
      ...passage(citation, texts),
    );
    const number = button(
      'footnote',
      {
        part: 'footnote',
        'aria-expanded': 'false',
        'aria-controls': card.id,
        'aria-label': fill(texts.footnote, { n, title }),
        // The second click of a double one would take back what the first has done.
        click: (/** @type {UIEvent} */ { detail }) => detail > 1 || press(number, card),
        focus: () => {
          if (number.matches(':focus-visible')) peek(number, card);
        },
        pointerenter: (/** @type {PointerEvent} */ { pointerType }) => {
          if (pointerType === 'mouse') after(OPEN_AFTER, () => peek(number, card));
        },
        pointerleave: () => leave(),
      },
      String(n),
    );
    return [number, card];
  };

  /** @returns {HTMLElement | null} the button whose card was open */
  const close = () => {
    clearTimeout(timer);
    if (!open) return null;
    const { button: number, card } = open;
    open = null;
    number.setAttribute('aria-expanded', 'false');
    card.hidden = true;
    card.classList.remove('pinned');
    return number;
  };

  /** @returns {boolean} whether a card was open, which is closed now, with the focus on its number */
  const dismiss = () => {
    const number = close();
    dismissing = true;
    number?.focus();
    dismissing = false;
    return number !== null;
  };

  /** @param {HTMLElement} number @param {HTMLElement} card */
  const press = (number, card) => {
    const wasPinned = open?.card === card && open.pinned;
    number.focus(); // Safari does not focus a button that is clicked
    if (wasPinned) {
      close();
      return;
    }
    show(number, card);
    if (open) open.pinned = true;
    card.classList.add('pinned');
    card.scrollIntoView({ block: 'nearest' });
  };

  /** @param {HTMLElement} number @param {HTMLElement} card */
  const peek = (number, card) => {
    // The text must not move because the pointer or the focus passes by.
    if (!open?.pinned && !dismissing) show(number, card);
  };

  /** @param {HTMLElement} number @param {HTMLElement} card */
  const show = (number, card) => {
    clearTimeout(timer);
    if (open?.card === card) return;
    close();
    open = { button: number, card, pinned: false };
    number.setAttribute('aria-expanded', 'true');
    card.hidden = false;
    place(number, card);
  };

  /**
   * Below the line of its number, or above where only that is in sight.
   * @param {HTMLElement} number
   * @param {HTMLElement} card
   */
  const place = (number, card) => {
    const gap = 6;
    const { top } = prose.getBoundingClientRect();
    const at = number.getBoundingClientRect();
    const view = /** @type {HTMLElement} */ (prose.closest('.log')).getBoundingClientRect();
    const height = card.offsetHeight + gap;
    const above = at.bottom + height > view.bottom && at.top - height >= view.top;
    card.style.setProperty('top', `${above ? at.top - height - top : at.bottom + gap - top}px`);
  };

  const leave = () => {
    const held = open && (open.pinned || open.button.matches(':focus-visible') || open.card.matches(':focus-within'));
    if (held) return;
    after(CLOSE_AFTER, () => close());
  };

  /** @param {number} milliseconds @param {() => void} what */
  const after = (milliseconds, what) => {
    clearTimeout(timer);
    timer = setTimeout(what, milliseconds);
  };

  return { make, dismiss };
};
