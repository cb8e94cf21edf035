/** @import {Parts} from './frame.js' */
/** @import {Memory} from './memory.js' */
/** @import {Texts} from './strings.js' */

/**
 * The shapes that the modules share, as the API's contract has them.
 *
 * @typedef {{id: number, documentId: string, title: string, url: URL | null, start: number,
 *   end: number, display: string}} Citation  start and end count code points of the document
 * @typedef {{text: string, start: number, end: number, citations: number[]}} Sentence
 *   start and end count code points of the answer
 * @typedef {'answered' | 'refused' | 'redirected' | 'smalltalk'} Status
 * @typedef {{id: string, status: Status, answer: string, lead: string, sentences: Sentence[],
 *   citations: Citation[], closest: Citation[]}} Answer  lead: what the assistant says before it quotes
 * @typedef {{role: 'user' | 'assistant', content: string}} Message
 * @typedef {{name: 'sentence', sentence: Sentence, citations: Citation[]}
 *   | {name: 'done', answer: Answer, body: unknown, ratable: boolean}} AnswerEvent
 * @typedef {'offline' | 'network' | 'timeout' | 'busy' | 'rejected' | 'server' | 'broken' | 'unavailable'
 *   | 'nonsense' | 'stopped'} Failure
 * @typedef {{helpful: boolean, reason: string}} Rating
 * @typedef {{question: string, answer: Answer | null, body: unknown, ratable: boolean,
 *   rating: Rating | null}} Kept  a turn as it is kept; without an answer if none arrived
 *
 * @typedef {object} Surroundings
 * @property {Parts} parts
 * @property {Texts} texts
 * @property {Memory} memory
 * @property {number} timeout milliseconds without a byte
 * @property {(text: string) => void} say for screen readers; '' takes back what has been said
 * @property {(name: string, detail: object) => void} emit to the site
 */
export {};
