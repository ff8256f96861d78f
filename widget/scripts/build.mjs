// The widget's first file, its pieces, and the map of the staff pages, into dist/: each by its plain name and with a hash of its content in the name,
// with .gz and .br beside it, and manifest.json: {name: {file, integrity}} for pages that pin what they load.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import { asFunction, fetched, findPieces, KIT, kitOf, outside } from './pieces.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = new URL('../dist/', import.meta.url);
const MAIN = 'provider-search';
const STAFF = 'staff-map';

/**
 * Leaflet finds out by markup in a string whether the browser knows SVG. A page that requires Trusted Types refuses that,
 * and every browser that can load a module knows SVG.
 */
const leafletWithoutMarkup = {
  name: 'leaflet-without-markup',
  transform(code, id) {
    if (!id.endsWith('/leaflet/src/core/Browser.js')) return null;
    const changed = code.replace(/var inlineSvg = [\s\S]*?\n\}\)\(\);/, 'var inlineSvg = true;');
    if (changed === code) throw new Error('Leaflet has changed: look at how it finds out about SVG.');
    return { code: changed, map: null };
  },
};

/** The indentation of a template, of markup or of a sheet, says nothing to a browser. */
const templatesWithoutIndentation = {
  name: 'templates-without-indentation',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(`${root}src/`) || !id.endsWith('.ts')) return null;
    const flat = code.replace(/\n\s+/g, '\n');
    return { code: /\/styles[\w-]*\.ts$/.test(id) ? flat.replace(/([;{,:]) | (?=[{}])/g, (_, mark) => mark ?? '') : flat, map: null };
  },
};

/** Bundles one entry. Files that it names by `new URL(…, import.meta.url)` go beside it, hashed. Returns its code and its modules. */
async function bundle(name, entry, plugins = [], write = true) {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    base: './',
    publicDir: false,
    plugins: [...plugins, leafletWithoutMarkup, templatesWithoutIndentation],
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      // Private members as they are: every browser that knows <dialog> knows them.
      target: 'es2022',
      write,
      assetsInlineLimit: 0,
      modulePreload: false,
      copyPublicDir: false,
      rollupOptions: {
        preserveEntrySignatures: 'exports-only',
        input: { [name]: `${root}${entry}` },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name].[hash].js',
          assetFileNames: '[name].[hash][extname]',
          hashCharacters: 'hex',
        },
      },
    },
  });
  const [{ code, moduleIds }] = output;
  return { code, moduleIds };
}

/** Writes the copy whose name tells its content. Returns that name and the hash that `integrity=` takes. */
async function pin(name) {
  const content = await readFile(new URL(`${name}.js`, dist));
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const file = `${name}.${digest}.js`;
  await writeFile(new URL(file, dist), content);
  return { file, integrity: `sha384-${createHash('sha384').update(content).digest('base64')}` };
}

async function compress(file) {
  const content = await readFile(new URL(file, dist));
  // What every page loads is worth the last percents; of the map's hundreds of pieces a page loads a few.
  const quality = file.endsWith('.json') ? 9 : 11;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(new URL(`${file}.gz`, dist), await promisify(gzip)(content, { level: 9 }));
  await writeFile(new URL(`${file}.br`, dist), await promisify(brotliCompress)(content, { params }));
}

await rm(dist, { recursive: true, force: true });
await import('../map-data/outlines.mjs');
const imports = await findPieces(root);
const unknown = Object.fromEntries(Object.keys(imports).map((name) => [name, { file: '' }]));
const { moduleIds } = await bundle(MAIN, 'src/provider-search.ts', [fetched(unknown, imports), kitOf([])], false);
const manifest = {};
const shared = [];
const pieces = {};
for (const [name, entry] of Object.entries(imports)) {
  const file = `${MAIN}-${name}`;
  const { code } = await bundle(file, entry, [outside(new Set(moduleIds))]);
  const made = asFunction(code, file);
  await writeFile(new URL(`${file}.js`, dist), made.code);
  shared.push(...made.needs);
  pieces[name] = manifest[`${file}.js`] = await pin(file);
}
const main = await bundle(MAIN, 'src/provider-search.ts', [fetched(pieces, imports), kitOf(shared)]);
if (main.moduleIds.some((id) => !moduleIds.includes(id) && !id.includes(KIT))) throw new Error('What pieces share is not what the first file holds.');
manifest[`${MAIN}.js`] = await pin(MAIN);
await bundle(STAFF, 'src/staff/index.ts');
manifest[`${STAFF}.js`] = await pin(STAFF);
await Promise.all((await readdir(dist)).map(compress));
await writeFile(new URL('manifest.json', dist), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`dist/: ${Object.values(manifest).map(({ file }) => file).join(', ')}`);
