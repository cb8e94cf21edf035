/** Plain data as JSON, whatever an old library has made of arrays, objects and strings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asJson } from '../../assistant/widget/source/plain.js';

const DATA = [
  '', 'plain', 'a "quote" and a \\ and </script>', 'line\nfeed\r\ttab\u0000\u001f\u007f', '中文 😀 e\u0301 \u2028\u2029',
  0, -1.5, 1e21, true, false, null, [], {}, [[], [{}]], ['a', 1, null],
  { 'a "name"': { b: [1, { c: 'd' }] }, question: 'Why?', history: [{ role: 'user', content: 'x' }], stream: true },
];

for (const value of DATA) {
  test(`${JSON.stringify(value)} is read back`, () => {
    assert.deepEqual(JSON.parse(asJson(value)), value);
  });
}

test('what an old library adds to everything changes nothing', () => {
  const before = asJson(DATA);
  const toJSON = function () { return 'spoiled'; };
  for (const { prototype } of [Array, Object, String, Number, Boolean]) {
    Object.defineProperty(prototype, 'toJSON', { value: toJSON, configurable: true, enumerable: true });
  }
  try {
    assert.match(JSON.stringify(['a']), /spoiled/);
    assert.equal(asJson(DATA), before);
  } finally {
    for (const { prototype } of [Array, Object, String, Number, Boolean]) delete prototype.toJSON;
  }
});
