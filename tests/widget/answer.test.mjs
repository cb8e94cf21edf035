/** An answer, read from what came over the wire. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from '../../assistant/widget/source/answer.js';
import { asText } from '../../assistant/widget/source/copying.js';
import { historyOf } from '../../assistant/widget/source/history.js';

const BASE = 'https://api.example/';
const citation = (id, quote, more = {}) => ({
  id, document_id: 'a', title: 'Pores', url: null, start: 0, end: [...quote].length, display: quote, ...more,
});
/** A body as the API gives it: offsets are code points of the answer. */
const body = (lead, ...quotes) => {
  let answer = lead;
  const sentences = quotes.map((text, place) => {
    const start = [...answer].length;
    answer += `${text} [${place + 1}] `;
    return { text, start, end: start + [...text].length, citations: [place + 1] };
  });
  const citations = quotes.map((quote, place) => citation(place + 1, quote));
  return { id: 'x', status: 'answered', answer: answer.trim(), sentences, citations, closest: [] };
};

test('an answer without a lead-in has none', () => {
  assert.equal(readAnswer(body('', 'One.', 'Two.')).lead, '');
});

test('what precedes the first sentence is the lead-in, counted in code points', () => {
  const read = readAnswer(body('👩‍⚕️ The sources do not agree 😀:\n\n', 'Some 😀 say yes.', 'Some say no.'));
  assert.equal(read.lead, '👩‍⚕️ The sources do not agree 😀:');
  assert.deepEqual(read.sentences.map(({ text }) => text), ['Some 😀 say yes.', 'Some say no.']);
});

test('an answer whose spans do not hold is not an answer', () => {
  const shifted = body('Emoji 😀. ', 'Some 😀 say yes.');
  shifted.sentences[0].start += 1; // what counting UTF-16 units would give
  shifted.sentences[0].end += 1;
  assert.throws(() => readAnswer(shifted), { failure: 'nonsense' });
});

for (const [what, change] of Object.entries({
  'no status': { status: undefined },
  'another status': { status: 'certain' },
  'no identity': { id: 7 },
  'sentences that are none': { sentences: [1] },
  'a number that is none': { sentences: [{ text: 'One.', start: -1, end: 4, citations: [1] }] },
  'no citations at all': { citations: [] },
  'a list that is none': { closest: {} },
})) {
  test(`${what}: not an answer`, () => {
    assert.throws(() => readAnswer({ ...body('', 'One.'), ...change }), { failure: 'nonsense' });
  });
}

test('a sentence without a citation is not shown', () => {
  const read = body('', 'One.', 'Two.');
  read.sentences[0].citations = [];
  assert.deepEqual(readAnswer(read).sentences.map(({ text }) => text), ['Two.']);
});

test('a copied answer carries its numbers, its lead-in and its sources', () => {
  const read = readAnswer({
    ...body('The sources do not agree on this: ', 'One.', 'Two.'),
    citations: [citation(1, 'One.'), citation(2, 'Two.', { url: 'https://clinic.example/p' })],
  });
  assert.equal(
    asText('Why?', read, 'Sources', BASE),
    'Why?\n\nThe sources do not agree on this:\nOne. [1]\nTwo. [2]\n\nSources\n' +
      '[1] Pores – https://api.example/documents/a?start=0&end=4#quote\n' +
      '[2] Pores – https://clinic.example/p#:~:text=Two.\n',
  );
});

test('only what goes on where the last quote ends is copied into one line', () => {
  const one = citation(1, 'One.', { start: 10, end: 14 });
  for (const [next, line] of [
    [{ start: 15, end: 19 }, 'One. [1] Two. [2]'],
    [{ start: 14, end: 18 }, 'One. [1] Two. [2]'],
    [{ start: 17, end: 21 }, 'One. [1]\nTwo. [2]'],
    [{ start: 0, end: 4 }, 'One. [1]\nTwo. [2]'],
    [{ start: 15, end: 19, document_id: 'b' }, 'One. [1]\nTwo. [2]'],
  ]) {
    const read = readAnswer({ ...body('', 'One.', 'Two.'), citations: [one, citation(2, 'Two.', next)] });
    assert.equal(asText('Why?', read, 'Sources', BASE).split('\n\n')[1], line);
  }
});

test('a copied refusal is what was said', () => {
  const read = readAnswer({ ...body(''), status: 'refused', answer: 'The sources do not say.' });
  assert.equal(asText('Cost?', read, 'Sources', BASE), 'Cost?\n\nThe sources do not say.\n');
});

test('the history leaves out what was not answered, and all but the last of a long one', () => {
  const turns = Array.from({ length: 15 }, (_, n) => ({ question: `${n}?`, answer: n === 14 ? null : readAnswer(body('', `${n}.`)) }));
  const messages = historyOf(turns);
  assert.equal(messages.length, 20);
  assert.deepEqual(messages.slice(-2), [{ role: 'user', content: '13?' }, { role: 'assistant', content: '13. [1]' }]);
});
