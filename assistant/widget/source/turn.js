/** One question, with whatever has come back for it so far. */
import { cited, goesOn } from './answer.js';
import { button, el, icon } from './dom.js';
import { explain, failureNotice } from './failing.js';
import { footnotes } from './footnotes.js';
import { asJson } from './plain.js';
import { addressesLinked, closestList, sourceList } from './sources.js';
import { fill, theirs } from './strings.js';
/** @import {Answer, Citation, Rating, Sentence} from './types.js' */
/** @import {AskError} from './failures.js' */
/** @import {Texts} from './strings.js' */

export class Turn {
  /** @type {Answer | null} the finished answer */
  answer = null;
  /** @type {unknown} its body as it came, for keeping */
  body = null;
  ratable = false;
  /** @type {Rating | null} */
  rating = null;
  #texts;
  #extras;
  #prose;
  #footnotes;
  #content;
  #progress;
  #asked;
  /** @type {Sentence[]} */
  #sentences = [];
  /** @type {Citation | null} of the sentence before */
  #before = null;

  /**
   * @param {string} question
   * @param {Texts} texts
   * @param {{edit: () => void, extras: (turn: Turn) => HTMLElement}} wishes
   *   what the pen does, and what stands under a finished answer
   */
  constructor(question, texts, { edit, extras }) {
    this.question = question;
    this.#texts = texts;
    this.#extras = extras;
    this.#prose = el('div', { class: 'prose', part: 'answer', dir: 'auto' });
    this.#footnotes = footnotes(this.#prose, texts);
    this.#content = el('div', { class: 'answer' });
    this.#progress = el('p', { class: 'working' }, texts.working);
    this.#asked = el('span', { dir: 'auto' }, question);
    this.element = el(
      'div',
      { class: 'turn', part: 'turn', keydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event) },
      el(
        'div',
        { class: 'question', part: 'question' },
        el('p', {}, el('span', { class: 'unseen' }, `${texts.youAsked} `), this.#asked),
        button('bare edit', { 'aria-label': texts.editLabel, title: texts.editLabel, click: edit }, icon('edit')),
      ),
      this.#content,
    );
  }

  /** @param {string} question takes the place of the one asked before */
  reword(question) {
    this.question = question;
    this.#asked.textContent = question;
    this.#content.replaceChildren();
  }

  /** A new attempt begins. What an earlier one brought stays until there is something better. */
  begin() {
    this.element.querySelector('.failure')?.remove();
    this.answer = this.body = this.rating = null;
    this.#sentences = [];
    this.element.append(this.#progress);
  }

  /**
   * @param {Sentence} sentence
   * @param {Citation[]} citations
   */
  add(sentence, citations) {
    const supporting = cited(sentence, citations);
    if (!supporting.length) return; // the contract: a sentence without a citation is not shown
    if (!this.#sentences.length) this.#show(this.#prose);
    this.#sentences.push(sentence);
    const [number = '', ...cards] = supporting.flatMap((citation) => this.#footnotes.make(citation));
    // The last letters and the first number stay on one line, so that no number begins a line.
    const tail = /\S{1,8}$/u.exec(sentence.text)?.[0] ?? '';
    const text = sentence.text.slice(0, sentence.text.length - tail.length);
    const kept = el('span', { class: 'tail' }, tail, number);
    const first = /** @type {Citation} */ (supporting[0]);
    if (this.#before && !goesOn(this.#before, first)) this.#prose.append(el('span', { class: 'gap' }));
    this.#before = first;
    this.#prose.append(el('span', { class: 'sentence', part: 'sentence', lang: theirs(this.#texts).lang }, text, kept), ...cards, ' ');
  }

  /**
   * @param {Answer} answer
   * @param {unknown} body
   * @param {boolean} ratable
   * @param {Rating | null} rating
   */
  finish(answer, body, ratable, rating = null) {
    Object.assign(this, { answer, body, ratable, rating });
    this.#progress.remove();
    const texts = this.#texts;
    if (answer.status === 'answered') {
      // What was streamed stays as it is, with a footnote that may be open in it.
      if (asJson(answer.sentences) !== asJson(this.#sentences)) {
        this.#sentences = [];
        for (const sentence of answer.sentences) this.add(sentence, answer.citations);
      }
      if (answer.lead) this.#prose.before(el('p', { class: 'lead', part: 'lead', ...theirs(texts) }, answer.lead));
      this.#content.append(sourceList(answer.citations, texts));
    } else if (answer.status === 'smalltalk') {
      this.#show(el('p', { class: 'prose', ...theirs(texts) }, answer.answer));
      return;
    } else {
      this.#show(this.#notice(answer.status, texts[answer.status], answer.answer));
      if (answer.closest.length) this.#content.append(closestList(answer.closest, texts));
    }
    this.#content.append(this.#extras(this));
  }

  /**
   * @param {AskError} error
   * @param {() => void} retry
   */
  fail(error, retry) {
    this.#progress.remove();
    this.element.append(failureNotice(error, this.#texts, retry));
  }

  /** @param {AskError | null} error what happened, in one text for a screen reader */
  summary(error) {
    const { answer } = this;
    const texts = this.#texts;
    if (error) return explain(error, texts);
    if (!answer) return '';
    if (answer.status === 'answered') {
      const text = [answer.lead, ...answer.sentences.map((sentence) => sentence.text)].filter(Boolean).join(' ');
      return fill(texts.announceAnswer, { text, n: answer.citations.length });
    }
    return (answer.status === 'smalltalk' ? '' : `${texts[answer.status]}. `) + answer.answer;
  }

  /** @param {HTMLElement} element takes the place of what an earlier attempt brought */
  #show(element) {
    if (element === this.#prose) element.replaceChildren();
    this.#before = null;
    // A notice opens with a label of its own.
    const label = element.matches('.prose') ? el('span', { class: 'unseen' }, `${this.#texts.answer} `) : '';
    this.#content.replaceChildren(label, element);
  }

  /** @param {string} kind @param {string} label @param {string} text */
  #notice(kind, label, text) {
    const linked = kind === 'redirected' ? addressesLinked(text, this.#texts) : [text];
    const words = el('p', theirs(this.#texts), ...linked);
    return el('div', { class: `notice ${kind}`, part: `notice ${kind}` }, el('p', { class: 'label' }, label), words);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    // Escape has done its work then: it must not also close the panel or a dialog of the site.
    if (event.key !== 'Escape' || !this.#footnotes.dismiss()) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
