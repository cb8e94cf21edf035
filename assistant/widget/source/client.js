/** The requests that the widget makes: all of them to the server that the script came from. */
import { readAnswer, readCitation, readSentence } from './answer.js';
import { serverEvents } from './events.js';
import { AskError, failureOf } from './failures.js';
import { asJson } from './plain.js';
import { BASE } from './script.js';
import { expect, list, record, string } from './shapes.js';
/** @import {AnswerEvent, Failure, Message, Rating} from './types.js' */

/** @param {unknown} body */
const posting = (body) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
  body: asJson(body),
});

/** @param {string} path @param {RequestInit} [options] */
const get = (path, options) => fetch(BASE + path, { credentials: 'omit', ...options });

/** @param {string} why for the owner of the site, who alone can help */
const unavailable = (why) => {
  console.error('Footnote:', why, BASE);
  return new AskError('unavailable');
};

/** A browser does not tell a script that an origin is not allowed; but then the server is there. */
const isForbidden = async () => {
  if (new URL(BASE).origin === origin) return false;
  const there = await get('widget.js', { method: 'HEAD', mode: 'no-cors', cache: 'no-store' }).catch(() => null);
  return there && get('livez').then(() => false, () => true);
};

/**
 * @param {string} path
 * @param {RequestInit} [options] a signal is aborted with an AskError as its reason
 */
const request = async (path, options) => {
  try {
    return await get(path, options);
  } catch (error) {
    if (error instanceof AskError) throw error;
    if (!navigator.onLine) throw new AskError('offline');
    if (!(await isForbidden())) throw new AskError('network');
    throw unavailable(
      `pages of ${origin} may not ask. Set origins = ["${origin}"] in footnote.toml.`,
    );
  }
};

/**
 * @template T
 * @param {Promise<T>} promise of more of a body
 * @param {Failure} [failure] what it means if it does not come
 */
const arrived = (promise, failure = 'broken') =>
  promise.catch((error) => {
    throw error instanceof AskError ? error : new AskError(failure);
  });

/** What a text of JSON says, by the browser's own reading: the page's JSON may be another. @param {string} text */
const read = (text) => arrived(new Response(text).json(), 'nonsense');

/** @param {Response} response */
const failed = async (response) => {
  const problem = typeOf(response).includes('json') ? await response.json().catch(() => null) : null;
  const error = failureOf(response.status, problem, response.headers.get('Retry-After'));
  return error.failure === 'unavailable' ? unavailable(error.detail) : error;
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
  const response = await request('ask', { ...posting({ question, history, stream: true }), signal });
  onChunk();
  if (!response.ok) throw await failed(response);
  const ratable = response.headers.has('Footnote-Feedback');
  /** @param {string} text @returns {Promise<AnswerEvent>} */
  const done = async (text) => {
    const body = await read(text);
    return { name: 'done', answer: readAnswer(body), body, ratable };
  };
  if (!typeOf(response).startsWith('text/event-stream')) {
    // A proxy that does not stream may have asked for the plain body.
    expect(typeOf(response).includes('json'));
    yield await done(await arrived(response.text()));
    return;
  }
  expect(response.body);
  const events = serverEvents(/** @type {ReadableStream<Uint8Array>} */ (response.body), onChunk);
  for (;;) {
    const { done: ended, value: event } = await arrived(events.next());
    if (ended) throw new AskError('broken');
    if (event.name === 'sentence') {
      const { sentence, citations } = record(await read(event.data));
      yield { name: 'sentence', sentence: readSentence(sentence), citations: list(citations, readCitation) };
    } else if (event.name === 'done') {
      yield await done(event.data);
      return;
    } else if (event.name === 'error') {
      const problem = record(await read(event.data));
      throw failureOf(Number(problem.status), problem, null);
    }
  }
}

/**
 * Suggested questions; none when the server has none to give, since they are only a convenience.
 * @param {string} [beside] a question that they are to be related to
 */
export const fetchSuggestions = async (beside) => {
  try {
    const response = await request(beside ? `suggestions?${new URLSearchParams({ beside })}` : 'suggestions');
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
  const response = await request('feedback', posting(body));
  if (!response.ok) throw await failed(response);
};
