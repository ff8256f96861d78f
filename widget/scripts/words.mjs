/**
 * `npm run words`: what is wrong with the words of the widget, language by language. Names the sentences that a language
 * lacks or has too many, plural forms too, those that take other values than in English, and those that nothing says.
 */
import { readdir, readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const SOURCE = new URL('../src/', import.meta.url);
const WORDS = new URL('i18n/', SOURCE);
/** Sentences by the keys of a language's file: a text, or texts by the forms of a number. */
const FORMS = { en: ['one', 'other'], fr: ['one', 'many', 'other'], es: ['one', 'many', 'other'], ar: ['zero', 'one', 'two', 'few', 'many', 'other'] };

/** The sentences of a language, read from its file. */
export async function readWords(language) {
  const text = await readFile(new URL(`${language}.ts`, WORDS), 'utf8');
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
  return (await import(`data:text/javascript,${encodeURIComponent(outputText)}`))[language];
}

/** Everything else that the widget is made of, as one text. */
export async function readSources() {
  const names = (await readdir(SOURCE, { recursive: true })).filter((name) => name.endsWith('.ts') && !name.startsWith('i18n'));
  return (await Promise.all(names.map((name) => readFile(new URL(name, SOURCE), 'utf8')))).join('\n');
}

const valuesOf = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort().join(', ');
const textsOf = (sentence) => (typeof sentence === 'string' ? { '': sentence } : sentence);
const named = (key, form) => (form ? `${key}.${form}` : key);

/** What is wrong, a line each. `catalogues`: sentences by language; `sources`: where they are said. */
export function faultsOf(catalogues, sources) {
  const { en } = catalogues;
  const faults = [];
  for (const [language, words] of Object.entries(catalogues)) {
    const tell = (what) => faults.push(`${language}: ${what}`);
    for (const key of Object.keys(en).filter((each) => !(each in words))) tell(`${key} is missing`);
    for (const key of Object.keys(words).filter((each) => !(each in en))) tell(`${key} is not in English`);
    for (const [key, sentence] of Object.entries(words)) {
      const plural = typeof sentence !== 'string';
      if (key in en && plural !== (typeof en[key] !== 'string')) tell(`${key} has to be ${plural ? 'one sentence' : 'forms of a number'}`);
      for (const form of plural ? FORMS[language].filter((each) => !(each in sentence)) : []) tell(`${named(key, form)} is missing`);
      const wanted = new Set(Object.values(textsOf(en[key] ?? '')).map(valuesOf));
      for (const [form, text] of Object.entries(textsOf(sentence))) {
        if (!text.trim()) tell(`${named(key, form)} is empty`);
        // A form that stands for one number need not write it: "two providers".
        const values = valuesOf(text);
        const wider = [values, [values, 'count'].filter(Boolean).join(', ').split(', ').sort().join(', ')];
        if (key in en && text.trim() && !wider.slice(0, form && form !== 'other' ? 2 : 1).some((each) => wanted.has(each))) {
          tell(`${named(key, form)} takes {${values}}, in English {${[...wanted].join('} or {')}}`);
        }
      }
    }
  }
  for (const key of Object.keys(en).filter((each) => !isSaid(each, sources))) faults.push(`${key} is said nowhere`);
  return faults;
}

/** By its own name, or by the beginning of it: `facet_${name}`. */
function isSaid(key, sources) {
  const [, beginning] = /^([a-z]+_)./i.exec(key) ?? [];
  return new RegExp(`['"\`]${key}['"\`]`).test(sources) || Boolean(beginning && sources.includes(`\`${beginning}\${`));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const catalogues = Object.fromEntries(await Promise.all(Object.keys(FORMS).map(async (language) => [language, await readWords(language)])));
  const faults = faultsOf(catalogues, await readSources());
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length ? 1 : 0;
}
