/**
 * The panel opening and closing: a dialog that floats over the page, or fills a small screen as a
 * modal one. It owns where the focus goes and comes back to. An inline panel is always open.
 */
import { rest } from './frame.js';
/** @import {Parts} from './frame.js' */

// Where a panel has no room to float.
const SMALL_SCREEN = '(max-width: 520px), (max-height: 420px)';

export class Panel {
  /** @type {HTMLElement | null} where the focus was before the panel opened */
  #before = null;
  #dialog;
  #launcher;
  #host;
  #emit;
  #smallScreen = matchMedia(SMALL_SCREEN);

  /**
   * @param {Parts} parts
   * @param {HTMLElement} host
   * @param {(name: string) => void} emit
   */
  constructor({ panel, input, launcher }, host, emit) {
    this.panel = panel;
    this.#dialog = panel instanceof HTMLDialogElement ? panel : null;
    this.input = input;
    this.#launcher = launcher;
    this.#host = host;
    this.#emit = emit;
    this.#dialog?.addEventListener('keydown', (event) => this.#onKey(event));
    this.#dialog?.addEventListener('cancel', (event) => {
      event.preventDefault(); // the back gesture of a phone
      this.close();
    });
  }

  connect() {
    if (!this.#dialog) return;
    this.#smallScreen.addEventListener('change', this.#onScreen);
    for (const event of ['resize', 'scroll']) visualViewport?.addEventListener(event, this.#fit);
  }

  disconnect() {
    this.#smallScreen.removeEventListener('change', this.#onScreen);
    for (const event of ['resize', 'scroll']) visualViewport?.removeEventListener(event, this.#fit);
  }

  /** @returns {boolean} whether it was closed before */
  open() {
    const opening = this.#dialog !== null && !this.#dialog.open;
    if (opening) {
      this.#before = /** @type {HTMLElement | null} */ (document.activeElement);
      this.#launcher.hidden = true;
      this.#show();
    }
    if (this.panel.matches(':modal')) this.panel.focus(); // a small screen is for reading first
    else rest(this);
    if (opening) this.#emit('open');
    return opening;
  }

  close() {
    if (!this.#dialog?.open) return;
    this.#dialog.close();
    this.#launcher.hidden = false;
    const before = this.#before;
    const elsewhere = before?.isConnected && before !== document.body && before !== this.#host;
    (elsewhere ? before : this.#launcher).focus();
    this.#emit('close');
  }

  get isOpen() {
    return Boolean(this.#dialog?.open);
  }

  #show() {
    if (this.#smallScreen.matches) this.#dialog?.showModal();
    else this.#dialog?.show();
    this.#fit();
  }

  // Turning the phone or resizing the window changes between floating and filling the screen.
  #onScreen = () => {
    if (!this.#dialog?.open) return;
    const root = /** @type {ShadowRoot} */ (this.#dialog.getRootNode());
    const focused = /** @type {HTMLElement | null} */ (root.activeElement);
    this.#dialog.close();
    this.#show();
    (focused ?? this.panel).focus();
  };

  // A phone's keyboard covers the page without resizing it; what it leaves to see is the visual
  // viewport. Zooming in makes that smaller too, and is no reason to squeeze the dialog.
  #fit = () => {
    const { height, offsetTop, scale } = visualViewport ?? { height: 0, offsetTop: 0, scale: 2 };
    const fits = Math.abs(scale - 1) > 0.01 || !this.panel.matches(':modal');
    this.panel.style.cssText = fits ? '' : `--seen:${height}px;--seen-from:${offsetTop}px`;
  };

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }
}
