/** Events out of bytes, failures out of responses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverEvents } from '../../assistant/widget/source/events.js';
import { failureOf } from '../../assistant/widget/source/failures.js';
import { json } from '../../assistant/widget/source/shapes.js';

const read = async (bytes, size) => {
  let chunks = 0;
  const body = new ReadableStream({
    start(controller) {
      for (let place = 0; place < bytes.length; place += size) controller.enqueue(bytes.slice(place, place + size));
      controller.close();
    },
  });
  const events = [];
  for await (const event of serverEvents(body, () => (chunks += 1))) events.push(event);
  assert.ok(chunks > bytes.length / size); // each chunk is a sign of life
  return events;
};

const STREAM = ': hello\n\nevent: sentence\ndata: {"é😀":\ndata: 1}\n\nid: 7\ndata:x\n\nevent: done\ndata: cut off';

for (const newline of ['\n', '\r\n', '\r']) {
  for (const size of [1, 2, 3, 7, 1000]) {
    test(`events in chunks of ${size} with ${JSON.stringify(newline)}`, async () => {
      const bytes = new TextEncoder().encode(STREAM.replaceAll('\n', newline));
      assert.deepEqual(await read(bytes, size), [
        { name: 'sentence', data: '{"é😀":\n1}' },
        { name: 'message', data: 'x' },
      ]);
    });
  }
}

for (const [status, retryAfter, failure, seconds] of [
  [429, '3', 'busy', 3],
  [503, null, 'busy', 0],
  [503, 'soon', 'busy', 0],
  [429, new Date(Date.now() + 5000).toUTCString(), 'busy', 0],
  [429, '-4', 'busy', 0],
  [408, null, 'timeout', 0],
  [504, null, 'timeout', 0],
  [422, null, 'rejected', 0],
  [413, null, 'rejected', 0],
  [400, null, 'unavailable', 0],
  [401, null, 'server', 0],
  [404, null, 'server', 0],
  [500, null, 'server', 0],
  [Number.NaN, null, 'server', 0],
]) {
  test(`a ${status} with Retry-After ${retryAfter} is ${failure}`, () => {
    const found = failureOf(status, { detail: 'x'.repeat(999) }, retryAfter);
    assert.equal(found.failure, failure);
    assert.ok(Math.abs(found.seconds - seconds) <= 1);
    assert.equal(found.detail.length, ['rejected', 'unavailable'].includes(failure) ? 300 : 0);
  });
}

test('a problem may be anything', () => {
  for (const problem of [null, 7, {}, { detail: [] }]) assert.equal(failureOf(400, problem, null).detail, '');
});

test('text that is not JSON is nonsense', () => {
  assert.throws(() => json('<h1>'), { failure: 'nonsense' });
});
