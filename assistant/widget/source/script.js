/** The script tag that brought the widget, and where the API lives: beside this file. */

// A module has no current script, but whoever calls has an address.
const here = new Error().stack?.match(/https?:\S+?(?=:\d+:\d)/)?.[0];

// Known only while the file runs for the first time.
export const script = /** @type {HTMLScriptElement | undefined} */ (
  document.currentScript ?? [...document.scripts].find(({ src }) => src === here)
);

/** Ends in a slash. */
export const BASE = new URL('.', script?.src || here || document.baseURI).href;
