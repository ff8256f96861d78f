import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RADIUS_KM,
  EMPTY,
  FILTERS,
  forSharing,
  fromFragment,
  MOST_PAGES_AT_ONCE,
  placed,
  relaxed,
  sameQuestion,
  settled,
  sortsOf,
  toFragment,
  toggled,
  toParams,
  unfiltered,
  withoutWords,
  type Query,
  type Where,
} from '../src/query';
import { NOBODY } from '../src/mine';

const ASKED: Query = {
  ...EMPTY,
  where: { kind: 'point', label: 'القاهرة, مصر', lat: 30.0626, lon: 31.2497 },
  radiusKm: 5,
  which: 'maux de dents',
  who: 'Clinique & Cie #1 ~ 100%',
  filters: { ...EMPTY.filters, settlement: ['outpatient:card', 'inpatient:direct'], tariff: ['true'] },
  sort: 'distance',
  pages: 3,
  view: 'map',
  open: '11112',
};

const words = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.trim());
const degrees = (most: number) => fc.integer({ min: -most * 1000, max: most * 1000 }).map((n) => n / 1000);
const where: fc.Arbitrary<Where> = fc.oneof(
  fc.constant(EMPTY.where),
  words.filter(Boolean).map((text) => ({ kind: 'words', text }) as const),
  fc.tuple(words.filter(Boolean), degrees(90), degrees(180)).map(([label, lat, lon]) => ({ kind: 'point', label, lat, lon }) as const),
  fc.tuple(degrees(90), degrees(180)).map(([lat, lon]) => ({ kind: 'me', lat, lon }) as const),
  fc
    .tuple(degrees(180), degrees(90), degrees(180), degrees(90))
    .map(([west, a, east, b]) => ({ kind: 'box', bbox: [west, Math.min(a, b), east, Math.max(a, b)] }) as const),
);
const codes = fc.uniqueArray(fc.stringMatching(/^[a-z][\w:-]{0,12}$/), { maxLength: 4 });
const anyQuery: fc.Arbitrary<Query> = fc.record({
  where,
  radiusKm: fc.constantFrom(0.1, 1, 5, DEFAULT_RADIUS_KM, 37.5, 500),
  which: words,
  who: words,
  asTyped: fc.boolean(),
  filters: fc.record(Object.fromEntries(FILTERS.map((name) => [name, codes])) as Record<(typeof FILTERS)[number], typeof codes>),
  mine: fc.oneof(
    fc.constant(NOBODY),
    fc.record({ plan: fc.constantFrom('un_mip', 'local_2'), duty: fc.constantFrom('', 'CD', 'KE'), on: fc.constantFrom('', '2026-12-13'), kept: fc.constant(true) }),
  ),
  sort: fc.constantFrom(null, 'relevance', 'distance', 'name'),
  pages: fc.integer({ min: 1, max: MOST_PAGES_AT_ONCE }),
  view: fc.constantFrom('list', 'map'),
  open: fc.option(fc.integer({ min: 1 }).map(String)),
});

describe('the fragment', () => {
  it('holds any query: what is written is read again', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        expect(fromFragment(toFragment(query))).toEqual(query);
      }),
    );
  });

  it('is read whatever anybody writes there, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const query = fromFragment(text);
        expect(fromFragment(toFragment(query))).toEqual(query);
      }),
    );
  });

  it('says nothing of what is as it is at the beginning', () => {
    expect(toFragment(EMPTY)).toBe('');
    expect(fromFragment('')).toEqual(EMPTY);
  });

  it('passes over what makes no sense', () => {
    const broken = fromFragment('at=91,0&box=1,2&km=9999&pages=-1&sort=luck&view=hole&open=<b>&type=a%20b,clinic');
    expect(broken).toEqual({ ...EMPTY, filters: { ...EMPTY.filters, type: ['clinic'] } });
  });

  it('tells others where the reader is to a kilometre at best', () => {
    const here: Query = { ...EMPTY, where: { kind: 'me', lat: -1.28638, lon: 36.81722 } };
    expect(forSharing(here).where).toEqual({ kind: 'me', lat: -1.29, lon: 36.82 });
    expect(forSharing(ASKED)).toBe(ASKED);
  });
});

describe('the parameters', () => {
  it('join the words of which and who', () => {
    expect(toParams(ASKED).q).toBe('maux de dents Clinique & Cie #1 ~ 100%');
  });

  it('ask again for all pages that were shown', () => {
    expect(toParams(ASKED).limit).toBe('60');
  });

  it('name no radius without a point', () => {
    expect(toParams({ ...ASKED, where: { kind: 'anywhere' } })).not.toHaveProperty('radius_km');
  });

  it('name an order only where it was chosen and makes sense', () => {
    expect(toParams(ASKED).sort).toBe('distance');
    expect(toParams({ ...ASKED, where: EMPTY.where })).not.toHaveProperty('sort');
    expect(sortsOf({ ...EMPTY, who: 'x' })).toEqual(['relevance', 'name']);
  });
});

describe('a change', () => {
  it('of a filter starts from the first page', () => {
    const next = toggled(ASKED, 'type', 'clinic');
    expect(next.filters.type).toEqual(['clinic']);
    expect(next).toMatchObject({ pages: 1, open: null });
    expect(toggled(next, 'type', 'clinic').filters.type).toEqual([]);
  });

  it('of place ends the country and city of the question before', () => {
    const before = { ...ASKED, filters: { ...ASKED.filters, country: ['KE'], place: ['184745'] } };
    expect(placed(before, { kind: 'words', text: 'Goma' }).filters).toMatchObject({ country: [], place: [] });
  });

  it('of how to pay in one care setting leaves the other as it is', () => {
    expect(settled(ASKED, 'outpatient', 'outpatient:none').filters.settlement).toEqual(['inpatient:direct', 'outpatient:none']);
    expect(settled(ASKED, 'inpatient', null).filters.settlement).toEqual(['outpatient:card']);
  });

  it('that clears the filters keeps place, words and name', () => {
    expect(unfiltered(ASKED)).toEqual({ ...ASKED, filters: EMPTY.filters, pages: 1, open: null });
  });

  it('that the service proposes changes the one thing that it names', () => {
    expect(relaxed(ASKED, { parameter: 'radius_km', value: '50' }).radiusKm).toBe(50);
    expect(relaxed(ASKED, { parameter: 'q', value: null })).toMatchObject({ which: '', who: '', radiusKm: 5 });
    const settlement = relaxed(ASKED, { parameter: 'settlement', value: 'inpatient:direct' }).filters.settlement;
    expect(settlement).toEqual(['inpatient:direct']);
  });

  it('of how it is shown is no other question', () => {
    expect(sameQuestion(ASKED, { ...ASKED, view: 'list', open: null, pages: 1 })).toBe(true);
    expect(sameQuestion(ASKED, { ...ASKED, sort: 'name' })).toBe(false);
    expect(sameQuestion(ASKED, { ...ASKED, radiusKm: 10 })).toBe(false);
  });
});

describe('words that are taken away', () => {
  it.each([
    ['dentist near me', '', 'near me', 'dentist', ''],
    ['dentist', 'Aga Khan Mombasa', 'Aga Khan', 'dentist', 'Mombasa'],
    ['pharmacie, ouverte', '', 'ouverte', 'pharmacie', ''],
    ['open dentist now', '', 'open now', '', 'dentist'],
  ])('%s | %s without %s', (which, who, typed, whichLeft, whoLeft) => {
    const left = withoutWords({ ...EMPTY, which, who }, typed);
    expect([left.which, left.who]).toEqual([whichLeft, whoLeft]);
  });

  it('are what the service left of them where it found too little', () => {
    const left = relaxed({ ...EMPTY, which: 'dentist', who: 'qqq' }, { parameter: 'q', value: 'dentist' });
    expect([left.which, left.who]).toEqual(['', 'dentist']);
  });
});
