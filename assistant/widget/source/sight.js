/** What stays in sight while an answer grows. */
/** @import {Parts} from './frame.js' */

const NEAR_END = 48; // pixels

/**
 * Keeps the newest words in sight while the visitor is at the end, but never scrolls the question
 * itself away: a long answer is read from its beginning. An inline widget that grows under the hands
 * of its visitor also keeps its input on the screen.
 * @param {Parts} parts
 * @param {HTMLElement} turn
 */
export const sight = ({ log, panel, input }, turn) => {
  /** In a short window the dialog scrolls as a whole. */
  const scroller = () => (panel instanceof HTMLDialogElement && panel.scrollHeight > panel.clientHeight ? panel : log);
  const follow = () => {
    const box = scroller();
    box.scrollTop = turn.offsetTop - 16 + (box === panel ? log.offsetTop : 0);
    const root = /** @type {ShadowRoot} */ (input.getRootNode());
    if (panel instanceof HTMLDialogElement || !root.activeElement) return;
    // In a window that it does not fit into, what has been asked comes first.
    for (const element of [panel, turn]) element.scrollIntoView({ block: 'nearest' });
  };
  return {
    toQuestion: follow,
    /** @param {() => void} change */
    during: (change) => {
      const box = scroller();
      const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
      change();
      if (atEnd) follow();
    },
  };
};
