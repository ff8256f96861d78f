/**
 * What the search and its map say to each other: properties go in, events come out. The map is a file of its own, so
 * this module holds types only and adds nothing to either file.
 */

/** [west, south, east, north] in degrees; west > east crosses the antimeridian. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

export interface MapPayment {
  readonly outpatient: string;
  readonly inpatient: string;
}

export interface ClusterProperties {
  readonly kind: 'cluster';
  readonly count: number;
  readonly bbox: Bounds;
  /** All of them are at one point: no zoom parts them. */
  readonly same_point: boolean;
}

export interface ListingProperties {
  readonly kind: 'listing';
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly type_label: string;
  readonly precision: Precision;
  readonly payment: MapPayment;
  readonly ways: MapWays;
  /** How the member's plan pays, where it is known. */
  readonly verdict?: { readonly outpatient: { readonly value: MapWay; readonly sentence: string } };
}

/** The easiest way to pay in each care setting under any of the agreements. */
export interface MapWays {
  readonly outpatient: MapWay;
  readonly inpatient: MapWay;
}

/** What a pin's shape and colour say: a disc for the card, a square for the letter, a ring for who pays first. */
export type MapWay = 'card' | 'guarantee_letter' | 'none';

/** `place`: only the city is known. */
export type Precision = 'exact' | 'place';

export interface MapFeature {
  readonly type: 'Feature';
  readonly id?: string;
  readonly geometry: { readonly type: 'Point'; readonly coordinates: readonly [lon: number, lat: number] };
  readonly properties: ClusterProperties | ListingProperties;
}

/** Listings that are somewhere in one city: how many, and the best known of them. */
export interface SomewhereCity {
  readonly place: string | null;
  readonly city: string | null;
  readonly count: number;
  readonly listings: readonly { readonly id: string; readonly name: string; readonly type_label: string; readonly payment: MapPayment }[];
}

/** What only its city places, in the view: no pin. */
export interface Somewhere {
  readonly total: number;
  readonly cities: readonly SomewhereCity[];
}

/** The answer of `GET /v1/map`. */
export interface MapAnswer {
  readonly type: 'FeatureCollection';
  readonly features: readonly MapFeature[];
  readonly total: { readonly value: number };
  readonly somewhere?: Somewhere;
  readonly degraded: boolean;
}

export interface MapApi {
  /** The current filters are closed over. Rejects with an `AbortError` when `signal` aborts. `zoom` is whole, 0–20. */
  map(bbox: Bounds, zoom: number, signal: AbortSignal): Promise<MapAnswer>;
}

/** A hit of the page that the list shows. */
export interface MapItem {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  readonly name: string;
  /** What kind of provider and how to pay, in the reader's language: the rest of a marker's accessible name. */
  readonly description: string;
  readonly precision: Precision;
  /** How outpatient care is paid there, by the member's plan where it is known: the pin's shape and colour. */
  readonly way: MapWay;
  /** Its place in the list, from 1. */
  readonly number: number;
}

export interface Circle {
  readonly lat: number;
  readonly lon: number;
  readonly radius_km: number;
}

/** Every word that the map shows or says. */
export interface MapStrings {
  /** The map's accessible name. */
  readonly label: string;
  /** How to use it by keyboard; read out as its description. */
  readonly instructions: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly searchHere: string;
  /** Back to what the search found, from wherever the map was moved to. */
  readonly back: string;
  /** Said where the map was moved to and nothing is. */
  readonly empty: string;
  /** Accessible name of the reader's own position. */
  readonly own: string;
  readonly loading: string;
  /** Shown where `/v1/map` fails; what was there stays. */
  readonly failed: string;
  readonly retry: string;
  /** Accessible name of a cluster that opens. */
  readonly cluster: (count: number, shown: string) => string;
  /** Accessible name of a cluster that no zoom parts: it lists them. */
  readonly samePoint: (count: number, shown: string) => string;
  /** Accessible name's end where only the city is known. */
  readonly cityOnly: string;
  /** "Base map: {sources}". */
  readonly attribution: (sources: string) => string;
}

export type Direction = 'ltr' | 'rtl';
export type Theme = 'light' | 'dark' | 'auto';

/** The element `provider-search-map`. */
export interface ProviderSearchMap extends HTMLElement {
  /** A new one is asked at once: the filters have changed. */
  api: MapApi | null;
  items: readonly MapItem[];
  /** The listing that is pointed at, here or in the list. */
  active: string | null;
  lang: string;
  dir: Direction;
  strings: MapStrings;
  where: Circle | null;
  /** Where the reader is, if they said so. */
  own: { readonly lat: number; readonly lon: number } | null;
  /** What to show; a new array is a new request, null leaves the view to the map. */
  bounds: Bounds | null;
  /** A tile server's template (`https://…/{z}/{x}/{y}.png`) instead of the outlines that ship with the map. */
  tiles: string | null;
  /** Whom those tiles are from, as their licence wants it said. */
  credit: string;
  theme: Theme;
}

/** Events of the map, by type, with their details. None of them bubbles. */
export interface MapEvents {
  'map-hover': CustomEvent<{ readonly id: string | null }>;
  'map-select': CustomEvent<{ readonly id: string }>;
  /** "Search this area", or a cluster that no zoom parts. */
  'map-search-here': CustomEvent<{ readonly bbox: Bounds }>;
  /** What is in the view and no pin. */
  'map-somewhere': CustomEvent<Somewhere>;
  'map-error': CustomEvent<{ readonly error: unknown }>;
}
