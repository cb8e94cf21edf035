/** An answer as plain text to paste elsewhere, with its sources. */
import { bestPage } from './links.js';
/** @import {Answer} from './types.js' */

/**
 * @param {string} question
 * @param {Answer} answer
 * @param {string} heading above the sources, in the visitor's language
 * @param {string} base where the API lives
 */
export const asText = (question, { status, answer, lead, sentences, citations }, heading, base) => {
  if (status !== 'answered') return `${question}\n\n${answer}\n`;
  const quoted = sentences.map(({ text, citations: ids }) => [text, ...ids.map((id) => `[${id}]`)].join(' '));
  const sources = citations.map((citation) => `[${citation.id}] ${citation.title} – ${bestPage(citation, base)}`);
  const body = [...(lead ? [lead] : []), quoted.join(' ')].join('\n');
  return `${question}\n\n${body}\n\n${heading}\n${sources.join('\n')}\n`;
};
