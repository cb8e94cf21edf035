/** One question under way: it can be stopped, and a server that falls silent is given up on. */
import { ask } from './client.js';
import { AskError } from './failures.js';
/** @import {AnswerEvent, Message} from './types.js' */
/** @typedef {ReturnType<typeof asking>} Asking */

/** @param {number} timeout milliseconds without a byte */
export const asking = (timeout) => {
  const controller = new AbortController();
  const { signal } = controller;
  let timer = 0;

  const stillThere = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new AskError('timeout')), timeout);
  };

  return {
    stop: () => controller.abort(new AskError('stopped')),

    /**
     * @param {string} question
     * @param {Message[]} history
     * @param {(event: AnswerEvent) => void} on called with each part of the answer
     * @returns {Promise<AskError | null>} why there is no complete answer, if there is none
     */
    async run(question, history, on) {
      stillThere();
      try {
        for await (const event of ask(question, history, signal, stillThere)) on(event);
        return null;
      } catch (error) {
        // What wraps the page's fetch may reject with an error of its own.
        const cause = signal.aborted ? signal.reason : error;
        if (!(cause instanceof AskError)) throw error;
        return cause;
      } finally {
        clearTimeout(timer);
        controller.abort(); // lets go of a stream that was not read to its end
      }
    },
  };
};
