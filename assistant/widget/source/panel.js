/**
 * The panel opening and closing: a dialog that floats over the page, or fills a small screen as a
 * modal one. It owns where the focus goes and comes back to. An inline panel is always open.
 */
import { rest } from './frame.js';
/** @import {Parts} from './frame.js' */

// Where a panel has no room to float.
const SMALL_SCREEN = '(max-width: 520px), (max-height: 420px)';

/**
 * @param {Parts} parts
 * @param {(name: string) => void} emit
 */
export const panelOf = ({ panel, input, launcher }, emit) => {
  /** @type {HTMLElement | null} where the focus was before the panel opened */
  let before = null;
  const dialog = panel instanceof HTMLDialogElement ? panel : null;
  const smallScreen = matchMedia(SMALL_SCREEN);
  const root = () => /** @type {ShadowRoot} */ (panel.getRootNode());

  // A phone's keyboard covers the page without resizing it; what it leaves to see is the visual
  // viewport. Zooming in makes that smaller too, and is no reason to squeeze the dialog.
  const fit = () => {
    const { height, offsetTop, scale } = visualViewport ?? { height: 0, offsetTop: 0, scale: 2 };
    const fits = Math.abs(scale - 1) > 0.01 || !panel.matches(':modal');
    panel.style.cssText = fits ? '' : `--seen:${height}px;--seen-from:${offsetTop}px`;
  };

  const show = () => {
    if (smallScreen.matches) dialog?.showModal();
    else dialog?.show();
    fit();
  };

  const showAgain = () => {
    dialog?.close();
    show();
  };

  // Turning the phone or resizing the window changes between floating and filling the screen.
  const onScreen = () => {
    if (!dialog?.open) return;
    const focused = /** @type {HTMLElement | null} */ (root().activeElement);
    showAgain();
    (focused ?? panel).focus();
  };

  const close = () => {
    if (!dialog?.open) return;
    dialog.close();
    launcher.hidden = false;
    const elsewhere = before?.isConnected && before !== document.body && before !== root().host;
    (elsewhere ? before : launcher)?.focus();
    emit('close');
  };

  dialog?.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  dialog?.addEventListener('cancel', (event) => {
    event.preventDefault(); // the back gesture of a phone
    close();
  });

  return {
    panel,
    input,
    close,

    connect() {
      if (!dialog) return;
      smallScreen.addEventListener('change', onScreen);
      for (const event of ['resize', 'scroll']) visualViewport?.addEventListener(event, fit);
      // A modal dialog that is taken out of the page stays open, but is no longer modal.
      if (dialog.open && smallScreen.matches && !dialog.matches(':modal')) showAgain();
    },

    disconnect() {
      smallScreen.removeEventListener('change', onScreen);
      for (const event of ['resize', 'scroll']) visualViewport?.removeEventListener(event, fit);
    },

    /** @returns {boolean} whether it was closed before */
    open() {
      const opening = dialog !== null && !dialog.open;
      if (opening) {
        before = /** @type {HTMLElement | null} */ (document.activeElement);
        launcher.hidden = true;
        show();
      }
      if (panel.matches(':modal')) panel.focus(); // a small screen is for reading first
      else rest({ panel, input });
      if (opening) emit('open');
      return opening;
    },

    get isOpen() {
      return Boolean(dialog?.open);
    },
  };
};
