/** The map beside or instead of the list. */
import { html, type TemplateResult } from 'lit';
import type { Context } from '../context';
import type { Bounds, Circle, MapApi, MapEvents, MapItem, MapStrings } from '../map/contract';
import { paymentsOf, payShort } from '../pay';
import { circleOf, placed, toFilters } from '../query';
import type { Results } from '../session';

export interface MapOptions {
  readonly revision: number;
  readonly active: string | null;
  readonly tiles: string | null;
  readonly theme: string;
  readonly onPoint: (id: string | null) => void;
}

/** One answer, read once: a new object would be a new request to the map. */
const read = new WeakMap<Results, { items: readonly MapItem[]; where: Circle | null; bounds: Bounds | null; api: MapApi }>();

export function mapView(context: Context, { revision, active, tiles, theme, onPoint }: MapOptions): TemplateResult {
  const { words, results, query } = context;
  const seen = results && readResults(context, results);
  const here = ({ detail: { bbox } }: MapEvents['map-search-here']) =>
    context.go(placed(query, { kind: 'box', bbox: rounded(bbox) }));
  return html`<provider-search-map
    lang=${words.language}
    dir=${words.direction}
    .api=${seen?.api ?? null}
    .revision=${revision}
    .items=${seen?.items ?? []}
    .active=${active}
    .strings=${strings(context)}
    .where=${seen?.where ?? null}
    .bounds=${seen?.bounds ?? null}
    .tiles=${tiles}
    .theme=${theme}
    @map-hover=${({ detail }: MapEvents['map-hover']) => onPoint(detail.id)}
    @map-select=${({ detail }: MapEvents['map-select']) => context.open(detail.id)}
    @map-search-here=${here}
  ></provider-search-map>`;
}

function readResults(context: Context, results: Results) {
  const known = read.get(results);
  if (known) return known;
  const { words, session } = context;
  const where = circleOf(results.query) ?? results.where;
  const items = results.items.flatMap((item, place): MapItem[] => {
    if (!item.location) return [];
    const { lat, lon, precision } = item.location;
    const [pay] = paymentsOf(item.agreements, 'outpatient');
    const description = [item.type_label, pay ? payShort(pay, words) : ''].filter(Boolean).join(', ');
    return [{ id: item.id, lat, lon, precision, name: item.name, description, number: place + 1 }];
  });
  const params = toFilters(results.query);
  const api: MapApi = { map: (bbox, zoom, signal) => session.client.map(params, bbox, zoom, signal) };
  const bounds = results.query.where.kind === 'box' || where ? null : around(items);
  const seen = { items, where, bounds, api };
  read.set(results, seen);
  return seen;
}

/** The box around the hits of the page; null where they are spread over more than half of the world. */
function around(items: readonly MapItem[]): Bounds | null {
  if (!items.length) return null;
  const lons = items.map(({ lon }) => lon);
  const lats = items.map(({ lat }) => lat);
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  return east - west > 180 ? null : [west, Math.min(...lats), east, Math.max(...lats)];
}

function rounded([west, south, east, north]: Bounds): Bounds {
  const short = (degrees: number) => Math.round(degrees * 10_000) / 10_000;
  return [short(west), short(south), short(east), short(north)];
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
    loading: words.say('loading'),
    failed: words.say('down'),
    retry: words.say('tryNow'),
    cluster: (count) => words.many('cluster', count),
    samePoint: (count) => words.many('samePoint', count),
    cityOnly: words.say('cityOnly'),
    attribution: (sources) => words.say('attribution', { sources }),
  };
  made.set(words, all);
  return all;
}
