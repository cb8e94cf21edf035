/** Makes `widget.js`, one file, of these modules: `npm run build`, or `node build.js FILE` for another place. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { minify } from 'terser';
import { CHINESE } from './chinese.js';
import { ENGLISH } from './english.js';

// The oldest browsers that have `light-dark()`, dialogs, `:modal` and adopted style sheets.
const target = ['chrome123', 'firefox120', 'safari17.5'];

const styles = {
  name: 'style sheets are minified texts',
  /** @param {esbuild.PluginBuild} build */
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, 'utf8');
      const { code } = await esbuild.transform(css, { loader: 'css', minify: true, target });
      // Blanks in a custom property are kept, though they mean nothing in ours.
      return { contents: code.trim().replace(/([:,]) /g, '$1'), loader: 'text' };
    });
  },
};

// Names of our own that neither the page, the server, what is kept, nor the browser knows.
const INTERNAL = [
  'active', 'around', 'begin', 'cancelEdit', 'card', 'connect', 'disconnect', 'dismiss', 'documentId',
  'during', 'element', 'emit', 'empty', 'extras', 'fail', 'finish', 'follow', 'header', 'holder',
  'inline', 'isOpen', 'launcher', 'lead', 'leave', 'line', 'load', 'log', 'memory', 'onDevice', 'option',
  'panel', 'parts', 'pinned', 'rate', 'restore', 'reword', 'run', 'running', 'save', 'say', 'seconds',
  'suggest', 'summary', 'texts', 'titled', 'toEnd', 'toQuestion', 'turns', 'words',
];

// The names of the words stand in the file once; only their order tells what a translation means.
const words = {
  name: 'translations are lists',
  /** @param {esbuild.PluginBuild} build */
  setup({ onLoad }) {
    onLoad({ filter: /chinese\.js$/ }, async () => {
      const list = Object.keys(ENGLISH).map((key) => CHINESE[key]).join('|');
      return {
        contents: `import { ENGLISH } from './english.js';
          const list = ${JSON.stringify(list)}.split('|');
          export const CHINESE = Object.fromEntries(Object.keys(ENGLISH).map((key, place) => [key, list[place]]));`,
      };
    });
  },
};

const { outputFiles } = await esbuild.build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['main.js'],
  bundle: true,
  charset: 'utf8',
  format: 'esm',
  mangleProps: new RegExp(`^(${INTERNAL.join('|')})$`),
  minify: true,
  plugins: [styles, words],
  target,
  write: false,
});
// 500 bytes less, gzipped, than without.
const { code } = await minify(outputFiles[0]?.text ?? '', {
  compress: { passes: 3, sequences: false, unsafe_arrows: true },
  ecma: 2020,
  enclose: true,
  format: { comments: false, preamble: '/* Footnote, Apache-2.0 */' },
  module: true,
});
await writeFile(process.argv[2] ?? fileURLToPath(new URL('../widget.js', import.meta.url)), `${code}\n`);
