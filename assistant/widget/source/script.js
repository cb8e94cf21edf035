/** The script tag that brought the widget, and where the API lives: beside this file. */

/** @param {(src: string) => boolean} fits */
const tagWith = (fits) => [...document.scripts].find(({ src }) => fits(src)) ?? null;

const current = /** @type {HTMLScriptElement | null} */ (document.currentScript);

// A module has no tag of its own, but the stack of an error names the file that runs. Where that is a
// loader's, which runs a copy of this file, a tag may still name it.
const running = /https?:\/\/\S+?(?=:\d+:\d)/.exec(String(new Error().stack))?.[0] ?? document.baseURI;

/** @param {string} url */
const isNamed = (url) => /\/widget\.js\b/.test(url);

/** Its options are those of every widget of the page. */
export let script = current?.src
  ? current
  : tagWith((src) => src === running || (!isNamed(running) && isNamed(src))) ?? current;

/** Ends in a slash. */
export let BASE = new URL('.', script?.src || running).href;

/** @param {string} server what the page says instead, once this file has become a part of another */
export const serveFrom = (server) => {
  BASE = new URL(server.replace(/\/*$/, '/'), document.baseURI).href;
};

/** @param {HTMLScriptElement | null} tag the one that ran last */
export const ranAgain = (tag) => {
  script = tag ?? script;
};

/**
 * Whether the page still asks for the widget: a router may have gone on to one without its tag. A tag
 * that a script has made is not part of any page.
 */
export const asked = () =>
  !script?.src || (script.async && !script.hasAttribute('async')) || tagWith((src) => src === script?.src) !== null;
