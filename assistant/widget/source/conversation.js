/** Questions and answers in their order: asking, stopping, trying again, changing the last, keeping. */
import { readAnswer } from './answer.js';
import { Asking } from './asking.js';
import { sendRating } from './client.js';
import { Editing } from './editing.js';
import { extrasOf } from './extras.js';
import { AskError } from './failures.js';
import { show } from './frame.js';
import { historyOf } from './history.js';
import { sight } from './sight.js';
import { Suggestions } from './suggestions.js';
import { Turn } from './turn.js';
/** @import {Kept, Rating} from './types.js' */
/** @import {Parts} from './frame.js' */
/** @import {Memory} from './memory.js' */
/** @import {Texts} from './strings.js' */

/**
 * @typedef {object} Surroundings
 * @property {Parts} parts
 * @property {Texts} texts
 * @property {Memory} memory
 * @property {number} timeout milliseconds without a byte
 * @property {(text: string) => void} say for screen readers; '' takes back what has been said
 * @property {(name: string, detail: object) => void} emit to the site
 */

export class Conversation {
  /** @type {Turn[]} */
  #turns = [];
  /** @type {Asking | null} while an answer is coming in */
  #running = null;

  /** @param {Surroundings} around */
  constructor(around) {
    this.around = around;
    this.parts = around.parts;
    this.editing = new Editing(around.parts);
    this.suggestions = new Suggestions(around.texts, (question) => {
      this.parts.input.focus(); // the button that had the focus is about to go
      this.ask(question);
    });
    this.parts.log.append(this.suggestions.element);
    this.parts.input.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /**
   * Asks as if the visitor had typed it. While an answer is coming in, the question waits in the input.
   * @param {string} question
   */
  async ask(question) {
    const text = question.trim();
    if (!text) return;
    const last = this.#turns.at(-1);
    if (this.#running) {
      this.parts.input.value = text;
    } else if (last && this.editing.active) {
      this.editing.end();
      last.reword(text);
      await this.#run(last);
    } else if (last && !last.answer && last.question === text) {
      await this.#run(last); // asking again what has just failed takes the failed attempt's place
    } else {
      await this.#run(this.#add(text));
    }
  }

  stop() {
    this.#running?.stop();
  }

  clear() {
    this.#turns = [];
    this.stop();
    this.#running = null;
    this.editing.end();
    this.parts.turns.replaceChildren();
    this.around.say('');
    this.#save();
    this.#show();
    this.parts.input.focus();
  }

  async suggest() {
    await this.suggestions.load();
    this.#show();
  }

  /** @returns {Kept[]} */
  kept() {
    const finished = this.#turns.filter(({ answer }) => answer);
    return finished.map(({ question, body, ratable, rating }) => ({ question, body, ratable, rating }));
  }

  /** @param {Kept[]} kept */
  restore(kept) {
    try {
      const answers = kept.map(({ body }) => readAnswer(body));
      for (const [place, answer] of answers.entries()) {
        const { question, body, ratable, rating } = /** @type {Kept} */ (kept[place]);
        this.#add(question).finish(answer, body, ratable, rating);
      }
    } catch (error) {
      if (!(error instanceof AskError)) throw error; // of another version of this file: begin afresh
    }
    this.#show();
  }

  /** @param {string} question */
  #add(question) {
    const { texts, say } = this.around;
    const turn = new Turn(question, texts, {
      edit: () => this.editing.begin(turn.question),
      extras: (finished) => extrasOf(finished, { texts, say, rate: (...rated) => this.#rate(...rated) }),
    });
    this.#turns.push(turn);
    this.parts.turns.append(turn.element);
    return turn;
  }

  /** @param {Turn} turn */
  async #run(turn) {
    const { input } = this.parts;
    const { say, emit, timeout } = this.around;
    const asking = (this.#running = new Asking(timeout));
    const keep = sight(this.parts, turn.element);
    const history = historyOf(this.#turns.slice(0, this.#turns.indexOf(turn)));
    say('');
    turn.begin();
    if (input.value.trim() === turn.question) input.value = '';
    this.#show();
    keep.toQuestion();
    emit('ask', { question: turn.question });
    const failed = await asking.run(turn.question, history, (event) => {
      keep.during(() => {
        if (event.name === 'sentence') turn.add(event.sentence, event.citations);
        else turn.finish(event.answer, event.body, event.ratable);
      });
    });
    if (this.#running === asking) this.#running = null;
    if (this.#turns.includes(turn)) {
      keep.during(() => {
        if (failed) turn.fail(failed, () => this.#retry(turn));
        this.#show();
      });
      if (failed && !input.value && failed.failure !== 'stopped') input.value = turn.question;
      this.#save();
      say(turn.summary(failed));
      if (failed) emit('error', { question: turn.question, failure: failed.failure });
      else emit('answer', { question: turn.question, body: turn.body });
    } else {
      this.#show(); // a new chat was begun meanwhile
    }
  }

  /** @param {Turn} turn */
  #retry(turn) {
    if (this.#running) return;
    this.editing.end();
    this.parts.input.focus(); // the button that had the focus is about to go
    this.#run(turn);
  }

  /** @param {Turn} turn @param {Rating} rating */
  async #rate(turn, rating) {
    await sendRating(turn.answer?.id ?? '', rating);
    this.#save();
    this.around.emit('feedback', { question: turn.question, body: turn.body, ...rating });
  }

  #save() {
    this.around.memory.save(this.kept());
  }

  #show() {
    const asked = this.#turns.map(({ question }) => question);
    const running = Boolean(this.#running);
    show(this.parts, { running, empty: !asked.length, onDevice: this.around.memory.onDevice });
    this.suggestions.show(asked, running);
  }

  /** @param {KeyboardEvent} event in the input */
  #onKey(event) {
    // The Enter that picks a word of an input method is not the one that sends.
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (!this.#running) this.ask(this.parts.input.value);
    } else if (event.key === 'Escape' && this.editing.active) {
      event.stopPropagation();
      event.preventDefault();
      this.editing.end();
    }
  }
}
