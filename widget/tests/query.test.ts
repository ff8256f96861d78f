import { describe, expect, it } from 'vitest';
import { EMPTY, fromFragment, placed, relaxed, toFragment, toggled, toParams, type Query } from '../src/query';

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

describe('the fragment', () => {
  it('holds a whole query', () => {
    expect(fromFragment(toFragment(ASKED))).toEqual(ASKED);
  });

  it('says nothing of what is as it is at the beginning', () => {
    expect(toFragment(EMPTY)).toBe('');
    expect(fromFragment('')).toEqual(EMPTY);
  });

  it('passes over what makes no sense', () => {
    const broken = fromFragment('at=91,0&box=1,2&km=9999&pages=-1&sort=luck&view=hole&open=<b>&type=a%20b,clinic');
    expect(broken).toEqual({ ...EMPTY, filters: { ...EMPTY.filters, type: ['clinic'] } });
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
});

it('a filter that is switched starts from the first page', () => {
  const next = toggled(ASKED, 'type', 'clinic');
  expect(next.filters.type).toEqual(['clinic']);
  expect(next.pages).toBe(1);
  expect(toggled(next, 'type', 'clinic').filters.type).toEqual([]);
});

it('a place that is chosen ends the country and city of the question before', () => {
  const before = { ...ASKED, filters: { ...ASKED.filters, country: ['KE'], place: ['184745'] } };
  expect(placed(before, { kind: 'words', text: 'Goma' }).filters).toMatchObject({ country: [], place: [] });
});

it('a relaxation changes the one thing that it names', () => {
  expect(relaxed(ASKED, { parameter: 'radius_km', value: '50' }).radiusKm).toBe(50);
  expect(relaxed(ASKED, { parameter: 'q', value: null })).toMatchObject({ which: '', who: '', radiusKm: 5 });
  expect(relaxed(ASKED, { parameter: 'settlement', value: 'inpatient:direct' }).filters.settlement).toEqual(['inpatient:direct']);
});
