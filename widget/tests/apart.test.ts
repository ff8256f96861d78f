import { describe, expect, it } from 'vitest';
import { around, halfSize, keepApart } from '../src/map/apart';
import type { MapFeature } from '../src/map/contract';

const project = (lon: number, lat: number) => ({ x: lon * 100, y: -lat * 100 });

function cluster(lon: number, lat: number, count: number): MapFeature {
  const properties = { kind: 'cluster', count, bbox: [lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01], same_point: false } as const;
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties };
}

function listing(id: string, lon: number, lat: number): MapFeature {
  const way = { outpatient: 'card', inpatient: 'none' } as const;
  const payment = { outpatient: 'Card', inpatient: 'Claim' };
  const properties = { kind: 'listing', id, name: id, type: 'clinic', type_label: 'Clinic', precision: 'exact', payment, ways: way } as const;
  return { type: 'Feature', id, geometry: { type: 'Point', coordinates: [lon, lat] }, properties };
}

function total(features: readonly MapFeature[]): number {
  return features.reduce((sum, { properties }) => sum + (properties.kind === 'cluster' ? properties.count : 1), 0);
}

/** The same numbers in every run. */
function drawn(seed: number): () => number {
  let at = seed;
  return () => (at = (at * 16807) % 2147483647) / 2147483647;
}

describe('marks on the map', () => {
  it('never lie on each other, and none is lost', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const next = drawn(seed);
      const features = Array.from({ length: 60 }, (_, place) => {
        const [lon, lat] = [next() * 6, next() * 4];
        return next() < 0.5 ? listing(`n${place}`, lon, lat) : cluster(lon, lat, 2 + Math.floor(next() * 300));
      });
      const apart = keepApart(features, new Set(), project);
      expect(total(apart)).toBe(total(features));
      const seen = apart.map(({ geometry: { coordinates }, properties }) => ({
        ...project(...coordinates),
        half: halfSize(properties.kind === 'cluster' ? properties.count : 1),
      }));
      seen.forEach((one, place) => {
        for (const other of seen.slice(place + 1)) {
          const room = one.half + other.half;
          expect(Math.abs(one.x - other.x) >= room || Math.abs(one.y - other.y) >= room).toBe(true);
        }
      });
    }
  });

  it('hold what they stand for in their box', () => {
    const [only] = keepApart([cluster(1, 1, 5), listing('a', 1.05, 1.02), listing('b', 0.9, 0.95)], new Set(), project);
    expect(only?.properties).toMatchObject({ kind: 'cluster', count: 7, bbox: [0.9, 0.95, 1.05, 1.02] });
  });

  it('leave the hits of the list their pins', () => {
    const apart = keepApart([cluster(1, 1, 5), listing('hit', 1, 1)], new Set(['hit']), project);
    expect(apart.map(({ properties }) => properties.kind)).toEqual(['cluster', 'listing']);
  });

  it('are one point only where all of them are', () => {
    const [same] = keepApart([listing('a', 1, 1), listing('b', 1, 1)], new Set(), project);
    const [near] = keepApart([listing('a', 1, 1), listing('b', 1.01, 1)], new Set(), project);
    expect(same?.properties).toMatchObject({ count: 2, same_point: true });
    expect(near?.properties).toMatchObject({ count: 2, same_point: false });
  });

  it('have a box over the antimeridian where they lie on both sides of it', () => {
    expect(around([179, 0, 179.5, 1], [-179.5, 0, -179, 2])).toEqual([179, 0, -179, 2]);
    expect(around([10, 0, 11, 1], [10.5, -1, 12, 0])).toEqual([10, -1, 12, 1]);
  });
});
