// How the build takes the widget apart. src/pieces.ts imports each piece by itself; the build makes a file of each: one function that is
// given the kit, what it shares with the first file. Whatever module the first file holds, a piece takes from there.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const LIST = 'src/pieces.ts';
const IMPORTS = /(\w+): new Piece\(\(\) => import\('\.\/([\w/-]+)'\)/g;
export const KIT = 'virtual:kit';
/** Lit has one life on a page. */
const LIT = /node_modules\/(@lit\/reactive-element|lit|lit-html|lit-element)\//;

/** {name: its entry, from the root}, as src/pieces.ts has them. */
export async function findPieces(root) {
  const list = await readFile(join(root, LIST), 'utf8');
  return Object.fromEntries([...list.matchAll(IMPORTS)].map(([, name, path]) => [name, relative('.', join('src', `${path}.ts`))]));
}

/** In the first file: each import in the list becomes a fetch of the piece's file, by its pinned name and by its plain one. */
export function fetched(pieces, imports) {
  return {
    name: 'pieces-are-fetched',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(`/${LIST}`)) return null;
      const made = code.replace(IMPORTS, (_, name) => {
        if (!(name in imports)) throw new Error(`${name} is no piece.`);
        return `${name}: new Piece((attempt) => load(${JSON.stringify([pieces[name].file, `provider-search-${name}.js`])}, import.meta.url, kit, attempt)`;
      });
      return { code: `import { load } from './piece';\nimport { kit } from '${KIT}';\n${made}`, map: null };
    },
  };
}

/** In a piece: what the first file holds is outside. */
export function outside(held) {
  return {
    name: 'held-by-the-first-file',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (!importer) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      const shared = found && (LIT.test(found.id) || (held.has(found.id) && found.id.includes('/src/')));
      return shared ? { id: `kit:${found.id}`, external: true } : null;
    },
  };
}

const OUTSIDE = /import(?:\s*\{([^}]*)\}\s*from)?\s*["'`]kit:([^"'`]+)["'`];?\s*/g;
const EXPORTS = /export\s*\{([^}]*)\};?\s*$/;
const pairs = (text = '') => text.split(',').map((each) => each.trim()).filter(Boolean).map((each) => each.split(/\s+as\s+/));

/** A piece's code as a function of the kit, and what it needs of it: [module, name] each. It refuses a kit of another version that lacks something. */
export function asFunction(code, file) {
  const needs = [];
  const taken = [];
  const body = code.replace(OUTSIDE, (_, names, module) => {
    for (const [name, local = name] of pairs(names)) {
      needs.push([module, name]);
      taken.push(name === local ? name : `${name}:${local}`);
    }
    return '';
  });
  const given = pairs(EXPORTS.exec(body)?.[1]).map(([local, name = local]) => (name === local ? name : `${name}:${local}`));
  if (/^import\b|["'`]kit:/m.test(body)) throw new Error(`${file} imports what it should be handed.`);
  if (!given.length) throw new Error(`${file} gives nothing.`);
  const names = [...new Set(needs.map(([, name]) => name))];
  // A name that no minifier gives: functions of the piece are hoisted over a parameter of theirs.
  const check = names.length ? `for(let n of${JSON.stringify(names)})if(!(n in __kit))throw Error(n);` : '';
  return { code: `export default __kit=>{${check}let{${taken.join()}}=__kit;${body.replace(EXPORTS, '')}return{${given.join()}}};\n`, needs };
}

/** The module of what pieces share. */
export function kitOf(needs) {
  const modules = new Map();
  for (const [module, name] of needs) {
    for (const [other, names] of modules) if (other !== module && names.has(name)) throw new Error(`Two modules share a ${name}.`);
    modules.set(module, (modules.get(module) ?? new Set()).add(name));
  }
  const imports = [...modules].map(([module, names]) => `import { ${[...names].join(', ')} } from ${JSON.stringify(module)};`);
  const all = [...modules.values()].flatMap((names) => [...names]);
  return {
    name: 'kit',
    resolveId: (source) => (source === KIT ? `\0${KIT}` : null),
    load: (id) => (id === `\0${KIT}` ? `${imports.join('\n')}\nexport const kit = { ${all.join(', ')} };` : null),
  };
}
