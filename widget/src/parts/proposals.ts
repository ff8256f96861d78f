/** What the fields propose: countries and places, kinds of care, names; in one line all of them. */
import type { Client } from '../api/client';
import type { Code, Codes, Facets } from '../api/types';
import type { Words } from '../i18n/words';
import { circleOf, EMPTY, type Filter, type Query, type Where } from '../query';
import type { Choice } from './combobox';

export interface WhereChoice extends Choice {
  readonly where: Where;
  readonly country: readonly string[];
}

export interface WhichChoice extends Choice {
  readonly filter: Filter & ('type' | 'specialty');
  readonly code: string;
}

export interface WhoChoice extends Choice {
  readonly id: string;
}

export type LineChoice = WhereChoice | WhichChoice | WhoChoice;

const MOST = 8;
const MOST_USUAL = 6;
const MOST_OF_EACH = 3;
const MOST_COUNTRIES = 3;
/** With fewer kinds of care known by the reader's own words, the service is asked: it knows the other languages. */
const FEW = 3;

/** Letters without case and accents, for comparing what was typed with what there is. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim();
}

/** 2: begins with it; 1: a later word of it does; 0: neither. */
export function fit(label: string, typed: string): number {
  const text = folded(label);
  if (text.startsWith(typed)) return 2;
  return text.split(/[\s'’(/-]+/).some((word) => word.startsWith(typed)) ? 1 : 0;
}

/** Where a label says what was typed: from letter to letter; null where only a synonym or the service knows. */
export function hitIn(label: string, typed: string): readonly [number, number] | null {
  if (!typed) return null;
  for (const { index } of label.matchAll(/(?<![^\s'’(/-])[^\s'’(/-]/gu)) {
    for (let end = index + 1; end <= label.length; end++) {
      if (folded(label.slice(index, end)) === typed && !/^\p{M}/u.test(label.slice(end))) return [index, end];
    }
  }
  return null;
}

function marked<C extends Choice>(choices: readonly C[], text: string): readonly C[] {
  const typed = folded(text);
  return choices.map((choice) => ({ ...choice, hit: hitIn(choice.label, typed) }));
}

export async function proposeWhere(
  client: Client,
  words: Words,
  text: string,
  signal: AbortSignal,
): Promise<readonly WhereChoice[]> {
  if (!text) return [];
  const [codes, places] = await Promise.all([client.codes().catch(() => null), client.places(text, signal)]);
  const typed = folded(text);
  const countries = (codes?.countries ?? [])
    .filter(({ label }) => fit(label, typed) === 2)
    .slice(0, MOST_COUNTRIES)
    .map(
      ({ code, label }): WhereChoice => ({
        key: `country ${code}`,
        label,
        detail: words.say('wholeCountry'),
        where: { kind: 'anywhere' },
        country: [code],
      }),
    );
  const found = places.map((place): WhereChoice => {
    const label = `${place.name}, ${place.country_label}`;
    const { lat, lon } = place.location;
    return {
      key: place.id,
      label: place.name,
      detail: [place.region, place.country_label].filter(Boolean).join(', '),
      where: { kind: 'point', label, lat, lon },
      country: [],
    };
  });
  return marked([...countries, ...found].slice(0, MOST), text);
}

export async function proposeWhich(
  client: Client,
  words: Words,
  facets: Facets,
  text: string,
  signal: AbortSignal,
): Promise<readonly WhichChoice[]> {
  if (!text) return usualKinds(facets, words);
  const codes = await client.codes();
  const own = matchCodes(codes, words, folded(text));
  if (own.length >= FEW) return marked(own.slice(0, MOST), text);
  const more = await client.suggest({ q: text, limit: '20' }, signal);
  const known = new Set(own.map(({ key }) => key));
  const others = more.flatMap(({ kind, code, label, detail }): WhichChoice[] => {
    if ((kind !== 'type' && kind !== 'specialty') || !code || known.has(`${kind} ${code}`)) return [];
    return [{ key: `${kind} ${code}`, label, detail: detail ?? kindName(kind, words), filter: kind, code }];
  });
  return marked([...own, ...others].slice(0, MOST), text);
}

/** Kinds of care first, then places, then names: a few of each. */
export async function proposeLine(
  client: Client,
  words: Words,
  facets: Facets,
  text: string,
  signal: AbortSignal,
): Promise<readonly LineChoice[]> {
  if (!text) return usualKinds(facets, words);
  const found = await Promise.all([
    proposeWhich(client, words, facets, text, signal),
    proposeWhere(client, words, text, signal),
    proposeWho(client, EMPTY, text, signal),
  ]);
  return found.flatMap((choices: readonly LineChoice[]) => choices.slice(0, MOST_OF_EACH));
}

/** What an empty field proposes: the kinds of care that there are most of. */
function usualKinds(facets: Facets, words: Words): WhichChoice[] {
  return (['type', 'specialty'] as const).flatMap((filter) =>
    (facets[filter] ?? []).slice(0, MOST_USUAL / 2).map(({ value, label }) => ({
      key: `${filter} ${value}`,
      label,
      detail: kindName(filter, words),
      filter,
      code: value,
    })),
  );
}

function kindName(kind: 'type' | 'specialty', words: Words): string {
  return words.say(kind === 'type' ? 'kindType' : 'kindSpecialty');
}

function matchCodes(codes: Codes, words: Words, typed: string): WhichChoice[] {
  const found: { score: number; choice: WhichChoice }[] = [];
  const look = (filter: 'type' | 'specialty', list: readonly Code[]) => {
    for (const { code, label, synonyms = [] } of list) {
      const synonym = synonyms.find((each) => fit(each, typed) > 0);
      const score = fit(label, typed) * 2 || (synonym ? fit(synonym, typed) : 0);
      if (!score) continue;
      const detail = fit(label, typed) || !synonym ? kindName(filter, words) : synonym;
      found.push({ score, choice: { key: `${filter} ${code}`, label, detail, filter, code } });
    }
  };
  look('type', codes.types);
  look('specialty', codes.specialties);
  return found.sort((one, other) => other.score - one.score).map(({ choice }) => choice);
}

export async function proposeWho(
  client: Client,
  query: Query,
  text: string,
  signal: AbortSignal,
): Promise<readonly WhoChoice[]> {
  if (text.length < 2) return [];
  const circle = circleOf(query);
  const near = circle ? { lat: String(circle.lat), lon: String(circle.lon) } : {};
  const country = query.filters.country.length ? { country: query.filters.country.join(',') } : {};
  const found = await client.suggest({ q: text, limit: '20', ...near, ...country }, signal);
  const names = found.flatMap(({ kind, id, label, detail }) => (kind === 'provider' && id ? [{ key: id, id, label, detail: detail ?? '' }] : []));
  return marked(names.slice(0, MOST), text);
}
