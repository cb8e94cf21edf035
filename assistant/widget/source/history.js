/** What was said before, as the API takes it. */
/** @import {Answer, Message} from './types.js' */

const MOST = 20; // messages sent along; the API trims further, this bounds the request

/**
 * @param {{question: string, answer: Answer | null}[]} turns those without an answer are left out
 * @returns {Message[]}
 */
export const historyOf = (turns) => {
  /** @type {Message[]} */
  const messages = [];
  for (const { question, answer } of turns) {
    if (!answer) continue;
    messages.push({ role: 'user', content: question }, { role: 'assistant', content: answer.answer });
  }
  return messages.slice(-MOST);
};
