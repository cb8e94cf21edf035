/** The requests that the widget makes: all of them to the server that the script came from. */
import { readAnswer, readCitation, readSentence } from './answer.js';
import { serverEvents } from './events.js';
import { AskError, failureOf } from './failures.js';
import { BASE } from './script.js';
import { expect, json, list, record, string, text } from './shapes.js';
/** @import {AnswerEvent, Failure, Message, Rating} from './types.js' */

/** @param {unknown} body */
const posting = (body) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
  body: text(body),
  credentials: /** @type {const} */ ('omit'),
});

/**
 * @template T
 * @param {Promise<T>} promise of a response, or of more of its body
 * @param {Failure} [failure] what it means if the network fails
 */
const arrived = (promise, failure) =>
  promise.catch((error) => {
    throw error instanceof AskError ? error : new AskError(failure ?? (navigator.onLine ? 'network' : 'offline'));
  });

/**
 * A browser does not say that an origin is not allowed; but then the widget's own file, which any
 * page may load, is there.
 * @param {AskError} error @returns {Promise<never>}
 */
const toldApart = async (error) => {
  if (error.failure !== 'network' || BASE.startsWith(`${origin}/`)) throw error;
  await fetch(`${BASE}widget.js`, { method: 'HEAD', mode: 'no-cors' }).catch(() => {
    throw error;
  });
  console.error(`Footnote: ${BASE} does not know this site. Add to its footnote.toml: origins = ["${origin}"]`);
  throw new AskError('foreign');
};

/** @param {Response} response */
const failed = async (response) => {
  const problem = typeOf(response).includes('json') ? await response.json().catch(() => null) : null;
  return failureOf(response.status, problem, response.headers.get('Retry-After'));
};

/** @param {Response} response */
const typeOf = (response) => response.headers.get('Content-Type') ?? '';

/**
 * Asks, and yields sentences as they come and the finished answer last; throws an AskError if that
 * does not come about.
 * @param {string} question
 * @param {Message[]} history
 * @param {AbortSignal} signal aborted with an AskError as its reason
 * @param {() => void} onChunk
 * @returns {AsyncGenerator<AnswerEvent, void>}
 */
export async function* ask(question, history, signal, onChunk) {
  const request = { ...posting({ question, history, stream: true }), signal };
  const response = await arrived(fetch(new URL('ask', BASE), request)).catch(toldApart);
  onChunk();
  if (!response.ok) throw await failed(response);
  const ratable = response.headers.has('Footnote-Feedback');
  /** @param {string} text @returns {AnswerEvent} */
  const done = (text) => {
    const body = json(text);
    return { name: 'done', answer: readAnswer(body), body, ratable };
  };
  if (!typeOf(response).startsWith('text/event-stream')) {
    // A proxy that does not stream may have asked for the plain body.
    expect(typeOf(response).includes('json'));
    yield done(await arrived(response.text(), 'broken'));
    return;
  }
  expect(response.body);
  const events = serverEvents(/** @type {ReadableStream<Uint8Array>} */ (response.body), onChunk);
  for (;;) {
    const { done: ended, value: event } = await arrived(events.next(), 'broken');
    if (ended) throw new AskError('broken');
    if (event.name === 'sentence') {
      const { sentence, citations } = record(json(event.data));
      yield { name: 'sentence', sentence: readSentence(sentence), citations: list(citations, readCitation) };
    } else if (event.name === 'done') {
      yield done(event.data);
      return;
    } else if (event.name === 'error') {
      const problem = record(json(event.data));
      throw failureOf(Number(problem.status), problem, null);
    }
  }
}

/**
 * Suggested questions; none when the server has none to give, since they are only a convenience.
 * @param {string} [beside] a question that they are to be related to
 */
export const fetchSuggestions = async (beside = '') => {
  try {
    const url = `${BASE}suggestions${beside && `?beside=${encodeURIComponent(beside.toWellFormed())}`}`;
    const response = await fetch(url, { credentials: 'omit' });
    return response.ok ? list(await response.json(), string) : [];
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof AskError) return [];
    throw error;
  }
};

/**
 * Sends what the visitor thinks of an answer. Throws an AskError if it was not taken.
 * @param {string} id of the answer
 * @param {Rating} rating
 */
export const sendRating = async (id, { helpful, reason }) => {
  const body = reason ? { id, helpful, reason } : { id, helpful };
  const response = await arrived(fetch(new URL('feedback', BASE), posting(body)));
  if (!response.ok) throw await failed(response);
};
