/** One question under way: it can be stopped, and a server that falls silent is given up on. */
import { ask } from './client.js';
import { AskError } from './failures.js';
/** @import {AnswerEvent, Message} from './types.js' */

export class Asking {
  #controller = new AbortController();
  #timeout;
  #timer = 0;

  /** @param {number} timeout milliseconds without a byte */
  constructor(timeout) {
    this.#timeout = timeout;
  }

  stop() {
    this.#controller.abort(new AskError('stopped'));
  }

  /**
   * @param {string} question
   * @param {Message[]} history
   * @param {(event: AnswerEvent) => void} on called with each part of the answer
   * @returns {Promise<AskError | null>} why there is no complete answer, if there is none
   */
  async run(question, history, on) {
    const { signal } = this.#controller;
    this.#stillThere();
    try {
      for await (const event of ask(question, history, signal, () => this.#stillThere())) on(event);
      return null;
    } catch (error) {
      if (!(error instanceof AskError)) throw error;
      return error;
    } finally {
      clearTimeout(this.#timer);
      this.#controller.abort(); // lets go of a stream that was not read to its end
    }
  }

  #stillThere() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(new AskError('timeout')), this.#timeout);
  }
}
