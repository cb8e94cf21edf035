/** Building elements. */

/**
 * An element with attributes, listeners (values that are functions) and children. Text is only ever
 * text: neither innerHTML nor inline styles, so a strict content security policy is enough.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | ((event: any) => void)>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export const el = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
};

/**
 * @param {string} look its class
 * @param {Record<string, string | boolean | ((event: any) => void)>} attributes
 * @param {...(Node | string)} children
 */
export const button = (look, attributes, ...children) =>
  el('button', { type: 'button', class: look, ...attributes }, ...children);

/**
 * As if it had been typed: whoever listens to the field hears of it.
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
export const write = (field, text) => {
  field.value = text;
  field.dispatchEvent(new Event('input'));
};

/** @param {keyof typeof ICONS} name */
export const icon = (name) => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', ICONS[name]);
  svg.append(line);
  return svg;
};

// Lines in a box of 24 by 24.
const ICONS = {
  chat: 'M5 5h14v10H11l-4 4v-4H5zM9 9h6M9 12h4',
  close: 'M6 6l12 12M18 6L6 18',
  newChat: 'M12 5v14M5 12h14',
  copy: 'M9 9h10v10H9zM15 9V5H5v10h4',
  edit: 'M5 19l1-4L16 5l3 3L9 18z',
  up: 'M4 11h3v8H4zM7 11l4-7c2 0 2 2 1.5 5H19l-1.5 10H7',
  down: 'M4 13h3V5H4zM7 13l4 7c2 0 2-2 1.5-5H19L17.5 5H7',
};

let lastId = 0;
export const newId = () => `footnote-${++lastId}`;
