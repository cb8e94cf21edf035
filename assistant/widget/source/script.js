/** The script tag that brought the widget, and where the API lives: beside this file. */

// Known only while the file runs for the first time.
export const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

/** Ends in a slash. */
export const BASE = new URL('.', script?.src || document.baseURI).href;
