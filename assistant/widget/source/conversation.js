/** Questions and answers in their order: asking, stopping, trying again, changing the last, keeping. */
import { asking } from './asking.js';
import { sendRating } from './client.js';
import { editingOf } from './editing.js';
import { extrasOf } from './extras.js';
import { AskError } from './failures.js';
import { write } from './dom.js';
import { rest, show } from './frame.js';
import { historyOf } from './history.js';
import { excess, watchLength } from './limit.js';
import { sight } from './sight.js';
import { suggestionsOf } from './suggestions.js';
import { Turn } from './turn.js';
import { watchKeys } from './typing.js';
/** @import {Asking} from './asking.js' */
/** @import {Kept, Rating, Surroundings} from './types.js' */

const DOUBLE_CLICK = 500; // ms, the usual setting of a system

export class Conversation {
  turns = /** @type {Turn[]} */ ([]);
  /** @type {Asking | null} while an answer is coming in */
  #running = null;
  #around;
  #parts;
  #suggestions;
  #began = 0;

  /** @param {Surroundings} around */
  constructor(around) {
    this.#around = around;
    this.#parts = around.parts;
    this.editing = editingOf(around.parts);
    this.#suggestions = suggestionsOf(around.texts, (question) => {
      rest(this.#parts); // the button that had the focus is about to go
      this.ask(question);
    });
    this.#parts.log.append(this.#suggestions.element);
    watchLength(this.#parts, around.texts, around.say);
    watchKeys(this.#parts.input, () => this.#running || this.ask(this.#parts.input.value), this.editing);
  }

  /**
   * Asks as if the visitor had typed it. While an answer is coming in, the question waits in the input.
   * @param {string} question
   */
  async ask(question) {
    const text = question.trim();
    if (!text) return;
    const last = this.turns.at(-1);
    if (this.#running || excess(text)) {
      write(this.#parts.input, text);
      this.#parts.input.focus();
    } else if (last && this.editing.active) {
      this.editing.end();
      last.reword(text);
      await this.#run(last);
    } else {
      // Asking again what has just failed takes the failed attempt's place.
      await this.#run(last && !last.answer && last.question === text ? last : this.#add(text));
    }
  }

  /** @param {UIEvent} [click] the second one of a double click on the button that asks stops nothing */
  stop(click) {
    if (!click?.detail || Date.now() - this.#began > DOUBLE_CLICK) this.#running?.stop();
  }

  clear() {
    this.#empty();
    this.#around.say('');
    this.#show();
    this.#save();
    rest(this.#parts);
  }

  #empty() {
    this.turns = [];
    this.stop();
    this.#running = null;
    this.editing.end();
    this.#parts.turns.replaceChildren();
  }

  running = () => this.#running !== null;

  /** @param {string} [beside] what has been answered */
  async suggest(beside) {
    await this.#suggestions.load(beside);
    this.#show();
  }

  /** @param {Kept[]} kept */
  restore(kept) {
    for (const { question, answer, body, ratable, rating } of kept) {
      const turn = this.#add(question);
      if (answer) turn.finish(answer, body, ratable, rating);
      else this.#fail(turn, new AskError('broken'));
    }
    this.#show();
    this.toEnd();
  }

  /**
   * Another tab has changed what is kept on the device. What was deleted there is gone here too, and
   * must not come back with the answer that is coming in.
   * @param {Kept[]} kept
   */
  follow(kept) {
    if (this.#running && kept.length) return;
    this.#empty();
    this.restore(kept);
  }

  /** The last question comes into sight, after a reload or when the panel opens again. */
  toEnd() {
    const last = this.turns.at(-1);
    if (last) sight(this.#parts, last.element).toQuestion();
  }

  /** @param {string} question */
  #add(question) {
    const { texts, say } = this.#around;
    const turn = new Turn(question, texts, {
      edit: () => this.editing.begin(turn.question),
      extras: (finished) => extrasOf(finished, { texts, say, rate: (...rated) => this.#rate(...rated) }),
    });
    this.turns.push(turn);
    this.#parts.turns.append(turn.element);
    return turn;
  }

  /** @param {Turn} turn */
  async #run(turn) {
    const { input } = this.#parts;
    const { say, emit, timeout } = this.#around;
    const current = (this.#running = asking(timeout));
    this.#began = Date.now();
    const keep = sight(this.#parts, turn.element);
    const history = historyOf(this.turns.slice(0, this.turns.indexOf(turn)));
    say('');
    turn.begin();
    if (input.value.trim() === turn.question) write(input, '');
    this.#show();
    keep.toQuestion();
    emit('ask', { question: turn.question });
    const failed = await current.run(turn.question, history, (event) => {
      keep.during(() => {
        if (event.name === 'sentence') turn.add(event.sentence, event.citations);
        else turn.finish(event.answer, event.body, event.ratable);
      });
    });
    if (this.#running === current) this.#running = null;
    if (!this.turns.includes(turn)) return this.#show(); // a new chat was begun meanwhile
    keep.during(() => {
      if (failed) this.#fail(turn, failed);
      this.#show();
    });
    const { failure = '' } = failed ?? {};
    if (failed && !input.value && failure !== 'stopped' && failure !== 'unavailable') write(input, turn.question);
    if (failure !== 'unavailable') this.#save();
    say(turn.summary(failed));
    emit(failed ? 'error' : 'answer', { question: turn.question, ...(failed ? { failure } : { body: turn.body }) });
    if (!failed) await this.suggest(turn.question);
  }

  /** @param {Turn} turn @param {AskError} error */
  #fail(turn, error) {
    turn.fail(error, () => {
      if (this.#running) return;
      this.editing.end();
      rest(this.#parts); // the button that had the focus is about to go
      this.#run(turn);
    });
  }

  /** @param {Turn} turn @param {Rating} rating */
  async #rate(turn, rating) {
    await sendRating(turn.answer?.id ?? '', rating);
    turn.rating = rating;
    this.#save();
    this.#around.emit('feedback', { question: turn.question, body: turn.body, ...rating });
  }

  #save = () => this.#around.memory.save(this.turns);

  /** An answer that is still coming in is asked for again after a reload by one press. */
  leave = () => this.#running && this.#save();

  #show() {
    const asked = this.turns.map(({ question }) => question);
    const running = Boolean(this.#running);
    show(this.#parts, { running, empty: !asked.length, onDevice: this.#around.memory.onDevice });
    // Whoever was sent to a person, perhaps in distress, is not offered other subjects.
    const routed = this.turns.at(-1)?.answer?.status === 'redirected';
    this.#suggestions.show(asked, running || routed);
  }
}
