import { expect, it } from 'vitest';
// @ts-expect-error a script without types
import { faultsOf } from '../scripts/words.mjs';

const check = faultsOf as (catalogues: object, sources: string) => readonly string[];
const en = { near: 'Near {place}', found: { one: '{count} provider', other: '{count} providers' }, facet_type: 'Kind' };
const sources = "words.say('near'); words.many('found'); words.say(`facet_${name}`)";

it('words that are whole in every language and said somewhere have no fault', () => {
  const fr = { near: 'Près de {place}', found: { one: 'un', many: '{count} de', other: '{count}' }, facet_type: 'Type' };
  expect(check({ en, fr }, sources)).toEqual([]);
});

it.each([
  ['a sentence too few', { near: undefined }, 'fr: near is missing'],
  ['a sentence too many', { more: 'Plus' }, 'fr: more is not in English'],
  ['another value', { near: 'Près de {lieu}' }, 'fr: near takes {lieu}, in English {place}'],
  ['an empty sentence', { facet_type: ' ' }, 'fr: facet_type is empty'],
  ['a form too few', { found: { one: '{count}', other: '{count}' } }, 'fr: found.many is missing'],
])('%s is named with its language', (_, change, said) => {
  const whole = { near: 'Près de {place}', found: { one: '1', many: '{count}', other: '{count}' }, facet_type: 'Type', ...change };
  const fr = Object.fromEntries(Object.entries(whole).filter(([, sentence]) => sentence !== undefined));
  expect(check({ en, fr }, sources)).toEqual([said]);
});

it('a sentence that nothing says is named', () => {
  expect(check({ en: { ...en, lost: 'Lost' } }, sources)).toEqual(['lost is said nowhere']);
});
