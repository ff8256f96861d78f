import { describe, expect, it } from 'vitest';
import type { MapAnswer, MapItem, MapStrings } from '../src/map/contract';
import { aroundCircle, boxShown, graticuleStep, nearLon, roundDistance, sameBox, unrolled, wrapLon } from '../src/map/geography';
import { declutter, labelOf } from '../src/map/labels';
import { marksOf } from '../src/map/markers';
import { distanceLabel, shortCount } from '../src/map/numbers';
import { decodeLine } from '../src/map/pieces';
import { widened } from '../src/parts/map';

describe('a box', () => {
  it('crosses the antimeridian with a west beyond its east', () => {
    expect(boxShown(170, -20, 190, -10)).toEqual([170, -20, -170, -10]);
    expect(boxShown(-190, -20, -170, -10)).toEqual([170, -20, -170, -10]);
    expect(unrolled([170, -20, -170, -10])).toEqual([170, -20, 190, -10]);
  });

  it('of more than the world is the world', () => expect(boxShown(-300, -95, 300, 95)).toEqual([-180, -90, 180, 90]));

  it('to search in holds what lies on its edge, and one that is a point holds that point', () => {
    const [west, south, east, north] = widened([29.16049, -1.61974, 29.16049, -1.61974]);
    expect(west).toBeLessThan(29.16049);
    expect(east).toBeGreaterThan(29.16049);
    expect(south).toBeLessThan(-1.61974);
    expect(north).toBeGreaterThan(-1.61974);
    expect(widened([-180, -90, 180, 90])).toEqual([-180, -90, 180, 90]);
  });

  it('that the map told itself is known again', () => {
    expect(sameBox(widened([1.23457, 2, 3, 4]), [1.23457, 2, 3, 4])).toBe(true);
    expect(sameBox([1.3, 2, 3, 4], [1.23457, 2, 3, 4])).toBe(false);
    expect(sameBox([1, 2, 3, 4], null)).toBe(false);
  });

  it('around a circle holds it, at the equator, in the north, over the antimeridian and at a pole', () => {
    const [west, south, east, north] = aroundCircle({ lat: 0, lon: 30, radius_km: 111.2 });
    expect([west, south, east, north].map((degrees) => Math.round(degrees))).toEqual([29, -1, 31, 1]);
    const oslo = aroundCircle({ lat: 60, lon: 10, radius_km: 111.2 });
    expect(oslo[2] - oslo[0]).toBeGreaterThan(4);
    const fiji = aroundCircle({ lat: -17, lon: 179.5, radius_km: 100 });
    expect(fiji[0]).toBeGreaterThan(0);
    expect(fiji[2]).toBeLessThan(0);
    expect(aroundCircle({ lat: 89.9, lon: 0, radius_km: 500 })).toMatchObject([-180, expect.any(Number), 180, 90]);
  });
});

it('a longitude is shown where it is nearest', () => {
  expect([wrapLon(190), wrapLon(-190), wrapLon(180), wrapLon(-180)]).toEqual([-170, 170, 180, -180]);
  expect([nearLon(-179, 179), nearLon(179, -181)]).toEqual([181, -181]);
});

describe('a scale and a graticule', () => {
  it('have round steps', () => {
    expect([870, 1, 2.5, 49_999].map(roundDistance)).toEqual([500, 1, 2, 20_000]);
    expect(graticuleStep(3)).toBeGreaterThan(graticuleStep(10));
  });

  it('are written in the reader’s numbers', () => {
    expect(distanceLabel(500, 'en')).toBe('500 m');
    expect(distanceLabel(20_000, 'fr').replace(/\s/u, ' ')).toBe('20 km');
    expect([694, 1234, 82_596].map((count) => shortCount(count, 'en'))).toEqual(['694', '1.2K', '82.6K']);
  });
});

const strings = {
  cluster: (count: number, shown: string) => `${shown} of ${count}`,
  samePoint: (count: number, shown: string) => `${shown} at one point of ${count}`,
  cityOnly: 'city only',
} as MapStrings;
const hit = (id: string, number: number, change: Partial<MapItem> = {}): MapItem => ({
  id,
  number,
  lon: 36,
  lat: -1,
  name: `Clinic ${id}`,
  description: 'Clinic, Your card',
  precision: 'exact',
  way: 'card',
  ...change,
});
const cluster = (count: number, same_point: boolean, lon = 36) =>
  ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, -1] },
    properties: { kind: 'cluster', count, bbox: [35, -2, 37, 0], same_point },
  }) as const;
const listing = (id: string, lon = 36) =>
  ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, -1] },
    properties: {
      kind: 'listing',
      id,
      name: `Clinic ${id}`,
      type: 'clinic',
      type_label: 'Clinic',
      precision: 'exact',
      payment: { outpatient: 'Your card is accepted here.', inpatient: '' },
      ways: { outpatient: 'guarantee_letter', inpatient: 'none' },
    },
  }) as const;
const shown = (features: MapAnswer['features'], items: readonly MapItem[], active: string | null = null) =>
  marksOf({ type: 'FeatureCollection', features, total: { value: 1 }, degraded: false }, items, active, { strings, lang: 'en' }, (lon, lat) => ({ x: 100 * lon, y: lat }));

describe('what the map shows', () => {
  it('is named by what it shows: a cluster by its count, a hit by its number in the list', () => {
    const marks = shown([cluster(1234, false), cluster(3, true, 37), listing('1'), listing('9', 38)], [hit('1', 4)]);
    expect(marks.map(({ text, label }) => [text, label])).toEqual([
      ['1.2K', '1.2K of 1234'],
      ['3', '3 at one point of 3'],
      ['', 'Clinic 9, Clinic, Your card is accepted here.'],
      ['4', '4. Clinic 1, Clinic, Your card'],
    ]);
    // By colour and shape: the letter is a square, whoever takes the card a disc.
    expect(marks.slice(2).map(({ classes }) => classes)).toEqual(['marker pin way-guarantee_letter', 'marker pin numbered way-card']);
  });

  it('has the hit that the list points at, also where a cluster holds it', () => {
    expect(shown([cluster(20, false)], [hit('1', 4)]).map(({ id }) => id)).toEqual([null]);
    expect(shown([cluster(20, false)], [hit('1', 4)], '1').map(({ id }) => id)).toEqual([null, '1']);
    expect(shown([listing('1')], [hit('1', 4)], '1').map(({ id }) => id)).toEqual(['1']);
  });

  it('has the shape of how the member pays, and says it, where their plan is known', () => {
    const verdict = { outpatient: { value: 'card', sentence: 'Show your card.' } } as const;
    const known = { ...listing('9'), properties: { ...listing('9').properties, verdict } };
    const [mark, other] = shown([known, listing('8', 38)], []);
    expect(mark?.classes).toBe('marker pin way-card');
    expect(mark?.label).toBe('Clinic 9, Clinic, Show your card.');
    expect(other?.classes).toBe('marker pin way-guarantee_letter');
    expect(shown([], [hit('1', 4, { way: 'none' })], '1')[0]?.classes).toContain('way-none');
  });

  it('says of a hit whose city only is known that it is so, and draws a ring', () => {
    const [mark] = shown([], [hit('1', 4, { precision: 'place' })], '1');
    expect(mark?.label).toBe('4. Clinic 1, Clinic, Your card, city only');
    expect(mark?.classes).toContain('ring');
  });
});

describe('names of places', () => {
  const cairo = [31.2, 30, 9900, 1, 'Cairo', 'Le Caire', 'El Cairo', 'القاهرة', 'القاهرة'] as const;
  it('are those of the reader’s language, with what its own signs say', () => {
    expect(['en', 'fr', 'es', 'ar'].map((lang) => labelOf(cairo, lang).text)).toEqual(['Cairo', 'Le Caire', 'El Cairo', 'القاهرة']);
    expect(labelOf(cairo, 'fr').local).toBe('القاهرة');
    expect(labelOf(cairo, 'ar').local).toBe('');
    expect(labelOf([0, 0, 1, 0, 'Hamlet'], 'fr')).toMatchObject({ text: 'Hamlet', rank: 3, capital: false });
  });

  it('never lie over one another; the larger place wins', () => {
    const box = (left: number) => ({ left, right: left + 10, top: 0, bottom: 10 });
    expect(declutter([0, 5, 10, 30], box, [], 9)).toEqual([0, 10, 30]);
    expect(declutter([0, 5, 10, 30], box, [box(28)], 1)).toEqual([0]);
  });
});

it('a line of the outlines is its first point and the steps from there', () => {
  const line = decodeLine([10, 20, 5, -5, -20, 0]);
  expect([...line.points]).toEqual([10, 20, 15, 15, -5, 15]);
  expect(line).toMatchObject({ left: -5, top: 15, right: 15, bottom: 20 });
});
