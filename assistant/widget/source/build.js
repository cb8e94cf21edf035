/** Makes `widget.js`, one file, of these modules: `npm run build`, or `node build.js FILE` for another place. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

// The oldest browsers that have `light-dark()`, dialogs, `:modal` and adopted style sheets.
const target = ['chrome123', 'firefox120', 'safari17.5'];

const styles = {
  name: 'style sheets are minified texts',
  /** @param {esbuild.PluginBuild} build */
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, 'utf8');
      const { code } = await esbuild.transform(css, { loader: 'css', minify: true, target });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

await esbuild.build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['main.js'],
  outfile: process.argv[2] ?? fileURLToPath(new URL('../widget.js', import.meta.url)),
  banner: { js: '/* Footnote, Apache-2.0, built from source/ */' },
  bundle: true,
  charset: 'utf8',
  format: 'iife',
  minify: true,
  plugins: [styles],
  target,
});
