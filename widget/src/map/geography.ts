/** Boxes and points on a map that has the world more than once: pure functions. */
import type { Bounds, Circle } from './contract';

/** A longitude as the interface knows it, from -180 up to 180. */
export function wrapLon(lon: number): number {
  const wrapped = ((((lon + 180) % 360) + 360) % 360) - 180;
  return wrapped === -180 && lon > 0 ? 180 : wrapped;
}

/** The copy of a longitude that lies nearest to another. */
export function nearLon(lon: number, to: number): number {
  return lon + 360 * Math.round((to - lon) / 360);
}

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** What a map that may have left the world's edge shows, as `bbox` of the interface: west > east over the antimeridian. */
export function boxShown(west: number, south: number, east: number, north: number): Bounds {
  const [low, high] = [Math.max(-90, south), Math.min(90, north)].map(round) as [number, number];
  if (east - west >= 360) return [-180, low, 180, high];
  return [round(wrapLon(west)), low, round(wrapLon(east)), high];
}

/** The box as one stretch of a map: its east is beyond 180 where it crosses the antimeridian. */
export function unrolled([west, south, east, north]: Bounds): Bounds {
  return [west, south, west > east ? east + 360 : east, north];
}

/** Whether a map shows just this box: one that it told itself comes back some metres wider. */
export function sameBox(box: Bounds, shown: Bounds | null): boolean {
  return shown !== null && box.every((degrees, side) => Math.abs(degrees - (shown[side] ?? NaN)) < 3e-4);
}

/** The largest round distance (1, 2 or 5 and zeros) of at most `metres`. */
export function roundDistance(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  const times = metres / power;
  return (times >= 5 ? 5 : times >= 2 ? 2 : 1) * power;
}

/** Metres that a pixel is at a latitude and zoom of the web map. */
export function metresPerPixel(lat: number, zoom: number): number {
  return (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);
}

/** Degrees between the lines of the graticule: a few on every screen. */
export function graticuleStep(zoom: number): number {
  const steps = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002];
  const across = (180 / (256 * 2 ** zoom)) * 360;
  return steps.find((step) => step <= across) ?? 0.001;
}

const KM_PER_DEGREE = 111.2;

/** The box around a circle; near a pole it goes around the world. */
export function aroundCircle({ lat, lon, radius_km: km }: Circle): Bounds {
  const high = km / KM_PER_DEGREE;
  const [south, north] = [Math.max(-90, lat - high), Math.min(90, lat + high)];
  const wide = high / Math.cos((Math.max(-south, north) * Math.PI) / 180);
  if (!(wide < 180)) return [-180, south, 180, north];
  return [wrapLon(lon - wide), south, wrapLon(lon + wide), north];
}
