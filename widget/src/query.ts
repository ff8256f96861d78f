/**
 * What is searched for and how it is shown: one value that never changes, the changes that make the next one, and its two
 * written forms, the parameters of the public interface and the fragment of the page's address.
 */
import type { FacetName, Relaxation, Setting } from './api/types';
import type { Bounds, Circle } from './map/contract';
import { hasArea, mineParams, NOBODY, readMine, type Mine } from './mine';

export type Where =
  | { readonly kind: 'anywhere' }
  /** Words that the service is to read as a place. */
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'point'; readonly label: string; readonly lat: number; readonly lon: number }
  | { readonly kind: 'me'; readonly lat: number; readonly lon: number }
  | { readonly kind: 'box'; readonly bbox: Bounds };

export const ANYWHERE: Where = { kind: 'anywhere' };

export type Sort = 'relevance' | 'distance' | 'name';
export type View = 'list' | 'map';

/** The filters that a facet counts, by the names of their parameters. */
export const FILTERS = ['country', 'place', 'type', 'specialty', 'language', 'settlement', 'tariff', 'network', 'coverage'] as const;
export type Filter = (typeof FILTERS)[number];

export interface Query {
  readonly where: Where;
  readonly radiusKm: number;
  /** Everyday words for a type or specialty that no code was chosen for. */
  readonly which: string;
  readonly who: string;
  /** The words are a name, and nothing is read from them. */
  readonly asTyped: boolean;
  readonly filters: Readonly<Record<Filter, readonly string[]>>;
  readonly mine: Mine;
  /** null: what suits the question (distance with a point and no words, else relevance). */
  readonly sort: Sort | null;
  /** Pages of results shown. */
  readonly pages: number;
  readonly view: View;
  /** The listing that is open. */
  readonly open: string | null;
}

export const RADII_KM = [1, 5, 10, 25, 50, 100, 250, 500] as const;
export const DEFAULT_RADIUS_KM = 25;
export const PAGE_SIZE = 20;
/** The interface gives at most a hundred listings at once: so many pages come back after a reload. */
export const MOST_PAGES_AT_ONCE = 5;

const NO_FILTERS: Query['filters'] = {
  country: [],
  place: [],
  type: [],
  specialty: [],
  language: [],
  settlement: [],
  tariff: [],
  network: [],
  coverage: [],
};

export const EMPTY: Query = {
  where: ANYWHERE,
  radiusKm: DEFAULT_RADIUS_KM,
  which: '',
  who: '',
  asTyped: false,
  filters: NO_FILTERS,
  mine: NOBODY,
  sort: null,
  pages: 1,
  view: 'list',
  open: null,
};

/** The filter that a facet's values are values of. */
export function filterOf(facet: FacetName): Filter {
  return facet === 'city' ? 'place' : facet;
}

export function hasPoint(query: Query): boolean {
  return query.where.kind === 'words' || query.where.kind === 'point' || query.where.kind === 'me';
}

/** The words as the interface takes them: those for a kind of provider and those of a name are one question. */
export function wordsOf(query: Query): string {
  return [query.which, query.who].map((words) => words.trim()).filter(Boolean).join(' ');
}

/** The orders that make sense for a question. */
export function sortsOf(query: Query): readonly Sort[] {
  const sorts: Sort[] = [];
  // Without words and point the best match is what is known best: by name the first of a country is "002".
  if (wordsOf(query) || !hasPoint(query)) sorts.push('relevance');
  if (hasPoint(query)) sorts.push('distance');
  return [...sorts, 'name'];
}

/** The order in force: the one chosen where it makes sense, else the first that does. */
export function sortOf(query: Query): Sort {
  const sorts = sortsOf(query);
  return query.sort && sorts.includes(query.sort) ? query.sort : (sorts[0] ?? 'name');
}

/** The same question, from its first page on: what every change of a question starts with. */
export function asked(query: Query, change: Partial<Query>): Query {
  return { ...query, pages: 1, open: null, ...change };
}

export function withFilter(query: Query, filter: Filter, values: readonly string[]): Query {
  return asked(query, { filters: { ...query.filters, [filter]: [...new Set(values)] } });
}

export function toggled(query: Query, filter: Filter, value: string): Query {
  const values = query.filters[filter];
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  return withFilter(query, filter, next);
}

/** One way to pay in a care setting, beside that of the other; null: any. */
export function settled(query: Query, setting: Setting, value: string | null): Query {
  const others = query.filters.settlement.filter((each) => !each.startsWith(setting));
  return withFilter(query, 'settlement', value ? [...others, value] : others);
}

/** The same question of a member who is insured so; without an area nothing is filtered by it. */
export function insured(query: Query, mine: Mine): Query {
  const coverage = hasArea(mine) ? query.filters.coverage : [];
  return { ...query, mine, filters: { ...query.filters, coverage } };
}

/** A place that was chosen says where by itself: country and city of an earlier question would only contradict it. */
export function placed(query: Query, where: Where, country: readonly string[] = []): Query {
  return asked(query, { where, filters: { ...query.filters, country, place: [] } });
}

/** Without any filter; the place, the words and the name stay. */
export function unfiltered(query: Query): Query {
  return asked(query, { filters: NO_FILTERS });
}

/** A change that the service proposed where it found little. */
export function relaxed(query: Query, { parameter, value }: Pick<Relaxation, 'parameter' | 'value'>): Query {
  if (parameter === 'radius_km') return asked(query, { radiusKm: Number(value) });
  // Words that are left stand in one field: both are read alike.
  if (parameter === 'q') return asked(query, { which: '', who: value ?? '' });
  if (parameter === 'bbox') return asked(query, { where: ANYWHERE });
  const filter = FILTERS.find((name) => name === parameter);
  return filter ? withFilter(query, filter, value === null ? [] : value.split(',')) : query;
}

/** The question without a run of its words, in whichever field it was typed. */
export function withoutWords(query: Query, typed: string): Query {
  const out = wordsIn(typed);
  for (const field of ['which', 'who'] as const) {
    const words = wordsIn(query[field]);
    const start = words.findIndex((_, at) => out.every((word, step) => words[at + step] === word));
    if (out.length && start >= 0) {
      const left = [...words.slice(0, start), ...words.slice(start + out.length)];
      return asked(query, { [field]: left.join(' ') });
    }
  }
  // They stand apart, or in both fields.
  const left = wordsIn(wordsOf(query)).filter((word) => !out.includes(word));
  return asked(query, { which: '', who: left.join(' ') });
}

function wordsIn(text: string): string[] {
  return text.split(/[\s,;،؛、，/()'’-]+/).filter(Boolean);
}

/** Two questions with the same answer: they differ in how it is shown at most. */
export function sameQuestion(one: Query, other: Query): boolean {
  const bare = (query: Query) => JSON.stringify([toFilters(query), sortOf(query)]);
  return bare(one) === bare(other);
}

/** What is searched for, in the interface's parameters; without order and pages, as the map takes it too. */
export function toFilters(query: Query): Record<string, string> {
  const { where } = query;
  const params: Record<string, string> = {};
  const words = wordsOf(query);
  if (words) params.q = words;
  if (words && query.asTyped) params.as_typed = 'true';
  if (where.kind === 'words') params.near = where.text;
  if (where.kind === 'point' || where.kind === 'me') {
    params.lat = String(where.lat);
    params.lon = String(where.lon);
  }
  if (where.kind === 'box') params.bbox = where.bbox.join(',');
  if (hasPoint(query)) params.radius_km = String(query.radiusKm);
  for (const filter of FILTERS) {
    if (query.filters[filter].length) params[filter] = query.filters[filter].join(',');
  }
  return { ...params, ...mineParams(query.mine) };
}

/** The same question as an address of the service's own search page asks it. */
export function toPage(query: Query): Record<string, string> {
  const params = { ...toFilters(query), which: query.which.trim(), who: query.who.trim(), sort: query.sort ?? '' };
  return Object.fromEntries(Object.entries(params).filter(([name, said]) => said && name !== 'q'));
}

export function toParams(query: Query): Record<string, string> {
  const limit = PAGE_SIZE * Math.min(query.pages, MOST_PAGES_AT_ONCE);
  const sort = sortOf(query);
  return {
    ...toFilters(query),
    ...((query.sort && sort === query.sort) || !(wordsOf(query) || hasPoint(query)) ? { sort } : {}),
    limit: String(limit),
  };
}

/**
 * The query as words of the address. Names are short where they are in every link, and those of the interface's
 * parameters elsewhere. What is as it is at the beginning is left out.
 */
export function toFragment(query: Query): string {
  const said = new URLSearchParams();
  const { where } = query;
  if (where.kind === 'words') said.set('where', where.text);
  if (where.kind === 'point') said.set('where', where.label);
  if (where.kind === 'point' || where.kind === 'me') said.set('at', `${where.lat},${where.lon}`);
  if (where.kind === 'box') said.set('box', where.bbox.join(','));
  if (query.radiusKm !== DEFAULT_RADIUS_KM) said.set('km', String(query.radiusKm));
  if (query.which) said.set('which', query.which);
  if (query.who) said.set('who', query.who);
  if (query.asTyped) said.set('as', 'typed');
  for (const filter of FILTERS) {
    if (query.filters[filter].length) said.set(filter, query.filters[filter].join(','));
  }
  if (query.mine.kept) for (const [name, value] of Object.entries(mineParams(query.mine))) said.set(name, value);
  if (query.sort) said.set('sort', query.sort);
  if (query.pages > 1) said.set('pages', String(query.pages));
  if (query.view !== 'list') said.set('view', query.view);
  if (query.open) said.set('open', query.open);
  return said.toString();
}

/** Reads what `toFragment` wrote. The address is anybody's to write: what makes no sense is passed over. */
export function fromFragment(text: string): Query {
  const said = new URLSearchParams(text);
  const words = (name: string) => (said.get(name) ?? '').trim().slice(0, 200);
  const codes = (name: string) => words(name).split(',').filter((code) => /^[\w:-]{1,40}$/.test(code));
  const km = Number(said.get('km') ?? DEFAULT_RADIUS_KM);
  const pages = Number(said.get('pages') ?? 1);
  const open = words('open');
  const filters = Object.fromEntries(FILTERS.map((name) => [name, codes(name)])) as Record<Filter, string[]>;
  return {
    where: readWhere(said, words('where').slice(0, 120)),
    radiusKm: km >= 0.1 && km <= 500 ? km : DEFAULT_RADIUS_KM,
    which: words('which'),
    who: words('who'),
    asTyped: said.get('as') === 'typed',
    filters,
    mine: readMine(words('plan'), words('duty'), words('on'), true),
    sort: (['relevance', 'distance', 'name'] as const).find((sort) => sort === said.get('sort')) ?? null,
    pages: Number.isInteger(pages) && pages >= 1 ? Math.min(pages, MOST_PAGES_AT_ONCE) : 1,
    view: said.get('view') === 'map' ? 'map' : 'list',
    open: /^\d{1,18}$/.test(open) ? open : null,
  };
}

function readWhere(said: URLSearchParams, label: string): Where {
  const at = readNumbers(said.get('at'), 2);
  if (at) {
    const [lat = 0, lon = 0] = at;
    if (Math.abs(lat) <= 90 && Math.abs(lon) <= 180) {
      return label ? { kind: 'point', label, lat, lon } : { kind: 'me', lat, lon };
    }
  }
  const box = readNumbers(said.get('box'), 4);
  if (box) {
    const [west = 0, south = 0, east = 0, north = 0] = box;
    const inside = Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && north <= 90 && south <= north;
    if (inside) return { kind: 'box', bbox: [west, south, east, north] };
  }
  return label ? { kind: 'words', text: label } : ANYWHERE;
}

function readNumbers(text: string | null, many: number): number[] | null {
  if (!text) return null;
  const numbers = text.split(',').map((part) => (part.trim() ? Number(part) : NaN));
  return numbers.length === many && numbers.every(Number.isFinite) ? numbers : null;
}

/** The query as it may be sent to others: where the reader is, to a kilometre at best. */
export function forSharing(query: Query): Query {
  if (query.where.kind !== 'me') return query;
  const rough = (degrees: number) => Math.round(degrees * 100) / 100;
  return { ...query, where: { kind: 'me', lat: rough(query.where.lat), lon: rough(query.where.lon) } };
}

/** The circle that is searched in, where the question names it by itself. */
export function circleOf(query: Query): Circle | null {
  const { where } = query;
  if (where.kind !== 'point' && where.kind !== 'me') return null;
  return { lat: where.lat, lon: where.lon, radius_km: query.radiusKm };
}
