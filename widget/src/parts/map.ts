/** The map beside or instead of the list. */
import { html, type TemplateResult } from 'lit';
import type { Context } from '../context';
import '../map';
import { aroundCircle } from '../map/geography';
import type { Bounds, Circle, MapApi, MapEvents, MapItem, MapStrings } from '../map/contract';
import type { SearchAnswer } from '../api/types';
import './somewhere';
import { paymentsOf, payShort } from '../pay';
import { circleOf, placed, toFilters } from '../query';
import type { Results } from '../session';

export interface MapOptions {
  readonly active: string | null;
  readonly tiles: string | null;
  /** Whom the tiles are from. */
  readonly credit: string;
  readonly theme: string;
  readonly onPoint: (id: string | null) => void;
}

/** What an answer asks of the map: read once, as a new object would be a new request to it. */
interface Frame {
  readonly where: Circle | null;
  readonly bounds: Bounds | null;
  readonly api: MapApi;
}

const frames = new WeakMap<SearchAnswer, Frame>();
const pins = new WeakMap<Results, readonly MapItem[]>();

export function mapView(context: Context, { active, tiles, credit, theme, onPoint }: MapOptions): TemplateResult {
  const { words, results, query } = context;
  const frame = results && frameOf(context, results);
  const here = ({ detail: { bbox } }: MapEvents['map-search-here']) =>
    context.go(placed(query, { kind: 'box', bbox: widened(bbox) }));
  return html`<provider-search-map
    lang=${words.language}
    dir=${words.direction}
    .api=${frame?.api ?? null}
    .items=${results ? pinsOf(context, results) : NONE}
    .active=${active}
    .strings=${strings(context)}
    .where=${frame?.where ?? null}
    .own=${query.where.kind === 'me' ? query.where : null}
    .bounds=${frame?.bounds ?? null}
    .tiles=${tiles}
    .credit=${credit}
    .theme=${theme}
    @map-hover=${({ detail }: MapEvents['map-hover']) => onPoint(detail.id)}
    @map-select=${({ detail }: MapEvents['map-select']) => context.open(detail.id)}
    @map-search-here=${here}
    @map-somewhere=${listed}
  ></provider-search-map>
  <provider-search-somewhere .context=${context}></provider-search-somewhere>`;
}

/** The list below the map shows what the map was told last. */
function listed({ currentTarget, detail }: MapEvents['map-somewhere']): void {
  const list = (currentTarget as HTMLElement).parentElement?.querySelector('provider-search-somewhere');
  if (list) list.somewhere = detail;
}

const NONE: readonly MapItem[] = [];

function frameOf(context: Context, results: Results): Frame {
  const known = frames.get(results.answer);
  if (known) return known;
  const { query } = results;
  const where = circleOf(query) ?? results.where;
  const params = toFilters(query);
  const { client } = context.session;
  const frame: Frame = {
    where,
    bounds: query.where.kind === 'box' ? query.where.bbox : boundsOf(results, where),
    api: { map: (bbox, zoom, signal) => client.map(params, bbox, zoom, signal) },
  };
  frames.set(results.answer, frame);
  return frame;
}

function pinsOf({ words }: Context, results: Results): readonly MapItem[] {
  const known = pins.get(results);
  if (known) return known;
  const items = results.items.flatMap((item, place): MapItem[] => {
    if (item.location?.precision !== 'exact') return [];
    const { lat, lon, precision } = item.location;
    const [pay] = paymentsOf(item.agreements, 'outpatient');
    const verdict = item.verdict?.outpatient;
    const description = [item.type_label, verdict?.sentence ?? (pay ? payShort(pay, words) : '')].filter(Boolean).join(', ');
    return [{ id: item.id, lat, lon, precision, name: item.name, description, number: place + 1, way: verdict?.value ?? pay?.way ?? 'none' }];
  });
  pins.set(results, items);
  return items;
}

/** All that was found, where the list has it; else the circle that was searched, or what the list begins with. */
function boundsOf({ items, total }: Results, where: Circle | null): Bounds | null {
  const points = items.flatMap(({ location }) => (location?.precision === 'exact' ? [location] : []));
  if (where && (points.length < total || !points.length)) return aroundCircle(where);
  return around(where ? [...points, where] : points);
}

/** The box around the hits of the page; null where they are spread over more than half of the world. */
function around(items: readonly { readonly lon: number; readonly lat: number }[]): Bounds | null {
  if (!items.length) return null;
  const lons = items.map(({ lon }) => lon);
  const lats = items.map(({ lat }) => lat);
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  return east - west > 180 ? null : [west, Math.min(...lats), east, Math.max(...lats)];
}

/** The box in short numbers, ten metres wider than it is: it holds what lies on its edge, and one that is a point. */
export function widened([west, south, east, north]: Bounds): Bounds {
  const low = (degrees: number, least: number) => Math.max(least, (Math.floor(degrees * 10_000) - 1) / 10_000);
  const high = (degrees: number, most: number) => Math.min(most, (Math.ceil(degrees * 10_000) + 1) / 10_000);
  return [low(west, -180), low(south, -90), high(east, 180), high(north, 90)];
}

const made = new WeakMap<object, MapStrings>();

function strings({ words }: Context): MapStrings {
  const known = made.get(words);
  if (known) return known;
  const all: MapStrings = {
    label: words.say('mapLabel'),
    instructions: words.say('mapInstructions'),
    zoomIn: words.say('zoomIn'),
    zoomOut: words.say('zoomOut'),
    searchHere: words.say('searchHere'),
    back: words.say('mapBack'),
    empty: words.say('mapEmpty'),
    own: words.say('mapOwn'),
    loading: words.say('loading'),
    failed: words.say('down'),
    retry: words.say('tryNow'),
    cluster: (count, shown) => words.many('cluster', count, { count: shown }),
    samePoint: (count, shown) => words.many('samePoint', count, { count: shown }),
    cityOnly: words.say('cityOnly'),
    attribution: (sources) => words.say('attribution', { sources }),
  };
  made.set(words, all);
  return all;
}
