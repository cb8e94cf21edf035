/** An answer as plain text to paste elsewhere, with its sources. */
import { cited, goesOn } from './answer.js';
import { bestPage } from './links.js';
/** @import {Answer, Citation} from './types.js' */

/**
 * @param {string} question
 * @param {Answer} answer
 * @param {string} heading above the sources, in the visitor's language
 * @param {string} base where the API lives
 */
export const asText = (question, { status, answer, lead, sentences, citations }, heading, base) => {
  if (status !== 'answered') return `${question}\n\n${answer}\n`;
  let text = lead && `${lead}\n`;
  /** @type {Citation | undefined} */
  let before;
  for (const sentence of sentences) {
    const [first] = cited(sentence, citations);
    if (before && first) text += goesOn(before, first) ? ' ' : '\n';
    text += [sentence.text, ...sentence.citations.map((id) => `[${id}]`)].join(' ');
    before = first;
  }
  const sources = citations.map((citation) => `[${citation.id}] ${citation.title} – ${bestPage(citation, base)}`);
  return `${question}\n\n${text}\n\n${heading}\n${sources.join('\n')}\n`;
};
