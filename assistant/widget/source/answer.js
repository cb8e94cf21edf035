/** The body of `/ask`, read and checked. It owns what an answer is; it knows nothing of how one looks. */
import { webAddress } from './links.js';
import { count, expect, list, record, string } from './shapes.js';
/** @import {Answer, Citation, Sentence, Status} from './types.js' */

/** @param {unknown} value @returns {Sentence} */
export const readSentence = (value) => {
  const { text, start, end, citations } = record(value);
  return { text: string(text), start: count(start), end: count(end), citations: list(citations, count) };
};

/** @param {unknown} value @returns {Citation} */
export const readCitation = (value) => {
  const { id, document_id: documentId, title, url, start, end, display } = record(value);
  return {
    id: count(id),
    documentId: string(documentId),
    title: string(title),
    url: webAddress(url),
    start: count(start),
    end: count(end),
    display: string(display),
  };
};

/** @param {unknown} value the body of /ask @returns {Answer} */
export const readAnswer = (value) => {
  const body = record(value);
  const status = /** @type {Status} */ (string(body.status));
  expect(['answered', 'refused', 'redirected', 'smalltalk'].includes(status));
  const answer = string(body.answer);
  const citations = list(body.citations, readCitation);
  const spans = list(body.sentences, readSentence);
  const lead = leadOf(answer, spans);
  const sentences = spans.filter((sentence) => cited(sentence, citations).length);
  // An answer without a checkable sentence is worse than none.
  expect(status !== 'answered' || sentences.length);
  const closest = list(body.closest, readCitation);
  return { id: string(body.id), status, answer, lead, sentences, citations, closest };
};

/**
 * What the assistant says in its own voice before the first quote. The API counts code points and
 * JavaScript UTF-16 units: one emoji is one and two of them.
 * @param {string} answer
 * @param {Sentence[]} sentences
 */
const leadOf = (answer, sentences) => {
  const points = [...answer];
  for (const { text, start, end } of sentences) expect(points.slice(start, end).join('') === text);
  return points.slice(0, sentences[0]?.start ?? 0).join('').trim();
};

/**
 * Whether a quote goes on where another ends, with at most a space between. What was not said in one
 * breath does not stand in one line.
 * @param {Citation} before
 * @param {Citation} after
 */
export const goesOn = (before, after) =>
  before.documentId === after.documentId && after.start >= before.end && after.start <= before.end + 1;

/** @param {Sentence} sentence @param {Citation[]} citations */
export const cited = (sentence, citations) => citations.filter(({ id }) => sentence.citations.includes(id));
