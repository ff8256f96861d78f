import { describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { LANGUAGES, type Messages } from '../src/i18n/messages';
import { CATALOGUES, languageOf, splitSentence, Words } from '../src/i18n/words';

const spoken = LANGUAGES.map((language) => [language, CATALOGUES[language] ?? {}] as const);
/** The sentences of a catalogue, with the names of the values that each takes; of a plural, those of all its forms. */
function values(catalogue: object): Record<string, readonly string[]> {
  const named = (text: string) => splitSentence(text).filter((_, place) => place % 2);
  return Object.fromEntries(
    Object.entries(catalogue as Record<string, string | Record<string, string>>).map(([name, sentence]) => {
      const forms = typeof sentence === 'string' ? [sentence] : Object.values(sentence);
      return [name, [...new Set(forms.flatMap(named))].sort()];
    }),
  );
}

it('a catalogue without a sentence, or without a plural form, does not compile', () => {
  const { search, ...others } = en;
  // @ts-expect-error a sentence is missing
  const short: Messages<'en'> = others;
  // @ts-expect-error Arabic has six forms
  const plain: Messages<'ar'>['found'] = { one: 'x', other: 'y' };
  expect([search, short, plain]).toHaveLength(3);
});

describe.each(spoken)('%s', (language, catalogue) => {
  it('takes the same values in each sentence as English', () => expect(values(catalogue)).toEqual(values(en)));

  it('leaves no sentence empty, and none in English', () => {
    const texts = Object.entries(catalogue).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    expect(texts.filter(([, text]) => !text.trim())).toEqual([]);
    if (language === 'en') return;
    const same = texts.filter(([name, text]) => text === (en as unknown as Record<string, unknown>)[name]).map(([name]) => name);
    // Words that the languages share.
    const shared = ['relaxWith', 'distance', 'sort_distance', 'contact', 'email', 'facet_network', 'changeWhat'];
    expect(same.filter((name) => !shared.includes(name))).toEqual([]);
  });
});

describe('plurals', () => {
  it('of Arabic are six', () => {
    const ar = new Words('ar', 'ar-EG');
    const said = [0, 1, 2, 3, 11, 100].map((count) => ar.many('letterDays', count));
    expect(said).toEqual([
      'خطاب ضمان في اليوم نفسه',
      'خطاب ضمان قبل يوم',
      'خطاب ضمان قبل يومين',
      'خطاب ضمان قبل ٣ أيام',
      'خطاب ضمان قبل ١١ يومًا',
      'خطاب ضمان قبل ١٠٠ يوم',
    ]);
  });

  it.each([
    ['en', 0, '0 providers'],
    ['en', 1, '1 provider'],
    ['fr', 0, '0 prestataire'],
    ['fr', 2, '2 prestataires'],
    ['fr', 1_000_000, '1 000 000 de prestataires'],
    ['es', 1, '1 proveedor'],
    ['es', 2_000_000, '2.000.000 de proveedores'],
  ] as const)('%s %i', (language, count, text) => {
    expect(new Words(language).many('found', count).replace(/\s/gu, ' ')).toBe(text);
  });
});

describe('numbers, distances and dates are written as the language writes them', () => {
  it.each([
    ['en', 0.004, '10 m'],
    ['en', 0.27, '270 m'],
    ['en', 0.996, '1 km'],
    ['en', 1.44, '1.4 km'],
    ['fr', 1.44, '1,4 km'],
    ['es', 12.4, '12 km'],
  ] as const)('%s: %f km', (language, km, text) => {
    expect(new Words(language).distance(km).replace(/\s/gu, ' ')).toBe(text);
  });

  it('in the digits of the reader’s country', () => {
    expect(new Words('ar', 'ar-EG').number(1234.5)).toBe('١٬٢٣٤٫٥');
    expect(new Words('ar', 'ar-MA').number(42)).toBe('42');
  });

  it('a day stays the same day wherever the reader is', () => {
    expect(new Words('en', 'en-GB').day('2026-08-12')).toBe('12 Aug 2026');
    expect(new Words('fr').day('2026-01-01')).toBe('1er janv. 2026');
  });

  it('weeks begin on Monday in the data', () => {
    expect(new Words('es').weekday(0)).toBe('lunes');
    expect(new Words('fr').weekday(6)).toBe('dimanche');
  });
});

it('the first language that is spoken is taken', () => {
  expect(languageOf('', 'de-CH', 'fr-CH')).toBe('fr');
  expect(languageOf('AR-eg')).toBe('ar');
  expect(languageOf('sw', null, undefined)).toBe('en');
});

it('text that fills a sentence is never read as one', () => {
  expect(new Words('en').say('remove', { filter: '{filter} <b>' })).toBe('Remove {filter} <b>');
});
