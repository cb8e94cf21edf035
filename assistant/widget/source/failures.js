/** Why a question has no complete answer, in terms of what the visitor can do about it. */
/** @import {Failure} from './types.js' */

export class AskError extends Error {
  /**
   * @param {Failure} failure
   * @param {{seconds?: number, detail?: string}} [more] seconds to wait; the server's own words
   */
  constructor(failure, { seconds = 0, detail = '' } = {}) {
    super(failure);
    this.failure = failure;
    this.seconds = seconds;
    this.detail = detail;
  }
}

/**
 * @param {number} status of the response or of a problem sent in the stream
 * @param {unknown} problem RFC 9457, if it is one
 * @param {string | null} retryAfter the header, if it is seconds: a date depends on the visitor's clock
 */
export const failureOf = (status, problem, retryAfter) => {
  const { detail } = /** @type {{detail?: unknown}} */ (problem ?? {});
  const said = typeof detail === 'string' ? detail.slice(0, 300) : '';
  if (status === 429 || status === 503) {
    return new AskError('busy', { seconds: Math.max(0, Math.ceil(Number(retryAfter) || 0)) });
  }
  if (status === 408 || status === 504) return new AskError('timeout');
  // What is left of 4xx (a missing key, a wrong address) is nothing that another question mends.
  if (status === 413 || status === 422) {
    return new AskError('rejected', { detail: said });
  }
  // What this file sends is well-formed: it is the host or the origin that the server does not take.
  if (status === 400) return new AskError('unavailable', { detail: said });
  return new AskError('server');
};
