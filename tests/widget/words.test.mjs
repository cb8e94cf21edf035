/** Links and strings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHINESE } from '../../assistant/widget/source/chinese.js';
import { ENGLISH } from '../../assistant/widget/source/english.js';
import { bestPage, ownPage, sourcePage, webAddress } from '../../assistant/widget/source/links.js';
import { excess } from '../../assistant/widget/source/limit.js';
import { addTexts, fill, textsFor } from '../../assistant/widget/source/strings.js';

test('only absolute http and https addresses may become links', () => {
  for (const bad of ['javascript:alert(1)', 'data:,x', '//x', '/x', 'x', '', 'http://[', 7, null, undefined, 'blob:https://x/y']) {
    assert.equal(webAddress(bad), null);
  }
  assert.equal(webAddress('HTTPS://Clinic.example/a')?.href, 'https://clinic.example/a');
});

test('a short quote is named whole, a long one by its ends', () => {
  const page = new URL('https://clinic.example/a#part:~:text=old');
  assert.equal(ownPage(page, ' Well-known, 50% & more '), 'https://clinic.example/a#part:~:text=Well%2Dknown%2C%2050%25%20%26%20more');
  const long = ownPage(new URL('https://clinic.example/'), 'one two three four five six seven eight nine ten eleven');
  assert.equal(long, 'https://clinic.example/#:~:text=one%20two%20three%20four,eight%20nine%20ten%20eleven');
  assert.match(ownPage(page, 'half \ud83d emoji'), /half%20%EF%BF%BD%20emoji$/);
});

test('our page is named by offsets, and nothing of a hostile id escapes', () => {
  const citation = { id: 1, documentId: '../x?y#z 😀', title: 'T', url: null, start: 3, end: 9, display: 'q' };
  const page = new URL(sourcePage(citation, 'https://api.example/deep/'));
  assert.equal(page.pathname, '/deep/documents/..%2Fx%3Fy%23z%20%F0%9F%98%80');
  assert.equal(page.search, '?start=3&end=9');
  assert.equal(bestPage(citation, 'https://api.example/deep/'), page.href);
});

test('a value that holds braces stays as it is', () => {
  assert.equal(fill('Footnote {n}: {title}', { n: 1, title: '{n}' }), 'Footnote 1: {n}');
});

test('every language has the same places to fill', () => {
  const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  assert.deepEqual(Object.keys(CHINESE), Object.keys(ENGLISH));
  for (const key of Object.keys(ENGLISH)) {
    assert.deepEqual(places(CHINESE[key]), places(ENGLISH[key]), key);
    assert.ok(CHINESE[key]);
  }
});

test('a language falls back to its parent, then to English', () => {
  assert.equal(textsFor('zh-Hans-CN').texts, CHINESE);
  assert.equal(textsFor('ZH').lang, 'zh');
  for (const lang of ['', 'xx', '__proto__', 'constructor']) assert.equal(textsFor(lang).texts, ENGLISH);
});

test('a site adds a language, and words of one', () => {
  addTexts('ar', { dir: 'rtl', send: 'اسأل' });
  assert.deepEqual(textsFor('ar-EG'), { lang: 'ar', texts: { ...ENGLISH, dir: 'rtl', send: 'اسأل' } });
  addTexts('ar', { stop: 'توقف' });
  assert.equal(textsFor('ar').texts.send, 'اسأل');
});

test('a question is as long as the API counts it: code points, white space around it left out', () => {
  assert.equal(excess(` ${'😀'.repeat(2000)}\n`), 0);
  assert.equal(excess('😀'.repeat(2001)), 1);
  assert.equal(excess('x'.repeat(3000)), 1000);
});
