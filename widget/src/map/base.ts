/** What every map of ours has: how it is set up, the colours of its ground, the keys that steer it, its scale. */
import type { Map as LMap } from 'leaflet';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Bounds } from './contract';
import { metresPerPixel, roundDistance, unrolled } from './geography';
import type { GroundColours } from './ground';
import { LatLngBounds, LeafletMap } from './leaflet';
import { distanceLabel } from './numbers';

export const SOURCES = 'Natural Earth, GeoNames';
export const [LEAST_ZOOM, MOST_ZOOM] = [1, 18];
/** One street is not shown closer than its quarter: the outlines know no streets. */
export const FIT_ZOOM = 15;
const LOWEST = 85;
const PAN = 90;
const PAN_KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-PAN, 0],
  ArrowRight: [PAN, 0],
  ArrowUp: [0, -PAN],
  ArrowDown: [0, PAN],
};

const prefersStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** A map in `box`, with neither ground nor view yet. */
export function startMap(box: HTMLElement): LMap {
  const still = prefersStill();
  return new LeafletMap(box, {
    attributionControl: false,
    zoomControl: false,
    keyboard: false,
    worldCopyJump: true,
    minZoom: LEAST_ZOOM,
    maxZoom: MOST_ZOOM,
    maxBounds: [[-LOWEST, -Infinity], [LOWEST, Infinity]],
    maxBoundsViscosity: 1,
    zoomAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    fadeAnimation: false,
  });
}

/** Keeps a map at the size of its element, and its ground in the colours of the day, while the element is on a page. */
export class Upkeep implements ReactiveController {
  private readonly sizes: ResizeObserver;
  private readonly scheme = matchMedia('(prefers-color-scheme: dark)');

  constructor(
    private readonly host: ReactiveControllerHost & Element,
    map: () => LMap | null,
    private readonly redraw: () => void,
  ) {
    this.sizes = new ResizeObserver(() => map()?.invalidateSize({ animate: false }));
    host.addController(this);
  }

  hostConnected(): void {
    this.scheme.addEventListener('change', this.redraw);
    this.sizes.observe(this.host);
  }

  hostDisconnected(): void {
    this.scheme.removeEventListener('change', this.redraw);
    this.sizes.disconnect();
  }
}

/** Shows a box, no closer than `most`. */
export function fitBox(map: LMap, bounds: Bounds, most = FIT_ZOOM): void {
  const [west, south, east, north] = unrolled(bounds);
  const box = new LatLngBounds([Math.max(-LOWEST, south), west], [Math.min(LOWEST, north), east]);
  map.fitBounds(box, { padding: [28, 28], maxZoom: most, animate: false });
}

/** The ground's colours as the style sheet has them for the element. */
export function coloursOf(element: Element): GroundColours {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return { water: of('--water'), land: of('--land'), coast: of('--coast'), border: of('--frontier'), grid: of('--grid') };
}

/** Arrow keys move the map, plus and minus zoom it. Tells what the key did; null: it is none of the map's. */
export function steer(map: LMap, event: KeyboardEvent): 'moved' | 'zoomed' | null {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  const pan = PAN_KEYS[event.key];
  if (pan) map.panBy([...pan], { animate: !prefersStill() });
  else if (event.key === '+' || event.key === '=') map.zoomIn();
  else if (event.key === '-' || event.key === '_') map.zoomOut();
  else return null;
  event.preventDefault();
  event.stopPropagation();
  return pan ? 'moved' : 'zoomed';
}

/** Draws the scale: as long as a round distance, and what that is. */
export function drawScale(scale: HTMLElement | null, lat: number, zoom: number, lang: string): void {
  if (!scale) return;
  const pixel = metresPerPixel(lat, zoom);
  const metres = roundDistance(pixel * 110);
  scale.textContent = distanceLabel(metres, lang);
  scale.style.inlineSize = `${Math.round(metres / pixel)}px`;
}
