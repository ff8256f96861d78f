/** Marks that would lie on each other become one cluster: nothing on the map hides another, at any zoom. Pure functions. */
import type { Bounds, MapFeature } from './contract';
import { nearLon, unrolled, wrapLon } from './geography';

/** Where a point is on the screen, in pixels. */
export type Project = (lon: number, lat: number) => { readonly x: number; readonly y: number };

/** Half of what a mark takes of the screen, by how many it stands for: as wide as its count is written. */
export function halfSize(count: number): number {
  return count === 1 ? 13 : count < 100 ? 19 : 24;
}

interface Kept {
  readonly feature: MapFeature;
  readonly x: number;
  readonly y: number;
  readonly half: number;
  readonly count: number;
}

/**
 * The features as they can be told apart: what lies on a larger one is counted in it. Those of `numbered`, the hits of the
 * list, stay pins: their numbers are what the list is read by.
 */
export function keepApart(features: readonly MapFeature[], numbered: ReadonlySet<string>, project: Project): readonly MapFeature[] {
  const own: MapFeature[] = [];
  const rest: Kept[] = [];
  for (const feature of features) {
    if (feature.properties.kind === 'listing' && numbered.has(feature.properties.id)) own.push(feature);
    else rest.push(measured(feature, project));
  }
  let kept = rest;
  for (let before = -1; before !== kept.length; ) {
    before = kept.length;
    kept = once(kept, project);
  }
  return [...kept.map(({ feature }) => feature), ...own];
}

/** One round, the largest first; the grown ones may lie on others now, so that it is done until nothing is left to do. */
function once(marks: readonly Kept[], project: Project): Kept[] {
  const kept: Kept[] = [];
  for (const mark of [...marks].sort((one, other) => other.count - one.count)) {
    const place = kept.findIndex(({ x, y, half }) => {
      const room = half + mark.half;
      return Math.abs(x - mark.x) < room && Math.abs(y - mark.y) < room;
    });
    const under = kept[place];
    if (under) kept[place] = measured(together(under.feature, mark.feature), project);
    else kept.push(mark);
  }
  return kept;
}

function measured(feature: MapFeature, project: Project): Kept {
  const [lon, lat] = feature.geometry.coordinates;
  const count = countOf(feature);
  return { feature, ...project(lon, lat), half: halfSize(count), count };
}

function countOf({ properties }: MapFeature): number {
  return properties.kind === 'cluster' ? properties.count : 1;
}

function together(large: MapFeature, small: MapFeature): MapFeature {
  const [lon, lat] = large.geometry.coordinates;
  const [other, otherLat] = small.geometry.coordinates;
  const same = lon === other && lat === otherLat && samePoint(large) && samePoint(small);
  const bbox = around(boxOf(large), boxOf(small));
  return {
    type: 'Feature',
    geometry: large.geometry,
    properties: { kind: 'cluster', count: countOf(large) + countOf(small), bbox, same_point: same },
  };
}

function samePoint({ properties }: MapFeature): boolean {
  return properties.kind === 'listing' || properties.same_point;
}

function boxOf({ geometry, properties }: MapFeature): Bounds {
  const [lon, lat] = geometry.coordinates;
  return properties.kind === 'cluster' ? properties.bbox : [lon, lat, lon, lat];
}

/** The smallest box with both, also where one of them crosses the antimeridian. */
export function around(one: Bounds, other: Bounds): Bounds {
  const [west, south, east, north] = unrolled(one);
  const [otherWest, otherSouth, otherEast, otherNorth] = unrolled(other);
  const shift = nearLon(otherWest, west) - otherWest;
  const low = Math.min(west, otherWest + shift);
  const high = Math.max(east, otherEast + shift);
  return [known(low), Math.min(south, otherSouth), known(high), Math.max(north, otherNorth)];
}

/** As it was where it is one already: wrapping rounds. */
function known(lon: number): number {
  return Math.abs(lon) > 180 ? wrapLon(lon) : lon;
}
