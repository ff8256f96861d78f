/** Clusters and pins: what an answer and the list's page come to on the map, kept from one answer to the next. */
import type { Map as LeafletMap, Marker as LeafletMarker } from 'leaflet';
import { keepApart, type Project } from './apart';
import type { ClusterProperties, MapAnswer, MapItem, MapStrings } from './contract';
import { nearLon } from './geography';
import { DivIcon, Marker } from './leaflet';
import { shortCount } from './numbers';

export interface Mark {
  readonly key: string;
  readonly lon: number;
  readonly lat: number;
  /** Shown in it: a count, or the hit's number in the list. */
  readonly text: string;
  readonly classes: string;
  /** The accessible name. */
  readonly label: string;
  /** Shown above it while it is pointed at. */
  readonly tip: string;
  /** The hit's place in the list; Infinity for what is not on the list's page. */
  readonly order: number;
  readonly id: string | null;
  readonly cluster: ClusterProperties | null;
}

interface Words {
  readonly strings: MapStrings;
  readonly lang: string;
}

/** What is on the map for an answer; the active hit is always on it, also where a cluster holds it. */
export function marksOf(answer: MapAnswer | null, items: readonly MapItem[], active: string | null, words: Words, project: Project): Mark[] {
  const numbered = new Map(items.map((item) => [item.id, item]));
  const marks: Mark[] = [];
  for (const { geometry, properties } of keepApart(answer?.features ?? [], new Set(numbered.keys()), project)) {
    const [lon, lat] = geometry.coordinates;
    if (properties.kind === 'cluster') marks.push(clusterMark(properties, lon, lat, words));
    else {
      const { id, name, type_label, payment, precision, verdict, ways } = properties;
      const said = `${type_label}, ${verdict?.outpatient.sentence ?? payment.outpatient}`;
      const item = numbered.get(id);
      const description = item?.description ?? said;
      const way = item?.way ?? verdict?.outpatient.value ?? ways.outpatient;
      marks.push(pinMark({ id, lon, lat, name, precision, description, way, number: item?.number ?? Infinity }, words));
      numbered.delete(id);
    }
  }
  const hit = active === null ? undefined : numbered.get(active);
  if (hit) marks.push(pinMark(hit, words));
  return marks;
}

function clusterMark(cluster: ClusterProperties, lon: number, lat: number, { strings, lang }: Words): Mark {
  const { count, same_point: same } = cluster;
  const text = shortCount(count, lang);
  return {
    key: `${lon},${lat},${count}`,
    lon,
    lat,
    text,
    classes: `marker cluster${same ? ' same' : ''}${count >= 100 ? ' many' : ''}`,
    label: same ? strings.samePoint(count, text) : strings.cluster(count, text),
    tip: '',
    order: Infinity,
    id: null,
    cluster,
  };
}

function pinMark(item: MapItem, { strings, lang }: Words): Mark {
  const onList = Number.isFinite(item.number);
  const place = item.precision === 'place';
  const text = onList ? new Intl.NumberFormat(lang).format(item.number) : '';
  const said = [item.name, item.description, place ? strings.cityOnly : ''].filter(Boolean).join(', ');
  return {
    key: `${item.id},${item.number}`,
    lon: item.lon,
    lat: item.lat,
    text,
    classes: `marker pin${onList ? ' numbered' : ''}${place ? ' ring' : ''} way-${item.way}`,
    label: onList ? `${text}. ${said}` : said,
    tip: item.name,
    order: item.number,
    id: item.id,
    cluster: null,
  };
}

export interface MarkEvents {
  hover(id: string | null): void;
  choose(mark: Mark): void;
}

interface Shown {
  readonly mark: Mark;
  readonly marker: LeafletMarker;
}

export class Markers {
  private shown = new Map<string, Shown>();

  constructor(
    private readonly map: LeafletMap,
    private readonly events: MarkEvents,
  ) {}

  /** Shows these; what was there already stays the same element, so that it keeps the focus. */
  show(marks: readonly Mark[]): void {
    const wanted = new Map(marks.map((mark) => [mark.key, mark]));
    for (const [key, { marker, mark }] of this.shown) {
      const next = wanted.get(key);
      if (next?.label === mark.label && next.text === mark.text && next.classes === mark.classes) continue;
      marker.remove();
      this.shown.delete(key);
    }
    const middle = this.map.getCenter().lng;
    for (const mark of wanted.values()) {
      const spot: [number, number] = [mark.lat, nearLon(mark.lon, middle)];
      const there = this.shown.get(mark.key);
      if (there) {
        there.marker.setLatLng(spot);
        this.shown.set(mark.key, { mark, marker: there.marker });
      } else this.shown.set(mark.key, { mark, marker: this.place(mark, spot) });
    }
    this.order();
  }

  /** Raises the listing that is pointed at. */
  point(active: string | null): void {
    for (const { mark, marker } of this.shown.values()) {
      const on = mark.id !== null && mark.id === active;
      marker.getElement()?.classList.toggle('on', on);
      marker.setZIndexOffset(on ? 10_000 : mark.cluster ? 0 : 500);
    }
  }

  private place(mark: Mark, spot: [number, number]): LeafletMarker {
    const icon = new DivIcon({ className: mark.classes, html: face(mark), iconSize: [44, 44] });
    const marker = new Marker(spot, { icon, keyboard: false, alt: '' }).addTo(this.map);
    const element = marker.getElement();
    if (element) this.listen(element, mark);
    return marker;
  }

  private listen(element: HTMLElement, mark: Mark): void {
    element.tabIndex = 0;
    element.setAttribute('role', 'button');
    element.setAttribute('aria-label', mark.label);
    const current = (): Mark => this.shown.get(mark.key)?.mark ?? mark;
    element.addEventListener('click', () => this.events.choose(current()));
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      this.events.choose(current());
    });
    for (const type of ['mouseenter', 'focus']) element.addEventListener(type, () => this.events.hover(mark.id));
    for (const type of ['mouseleave', 'blur']) element.addEventListener(type, () => this.events.hover(null));
  }

  /** The order of Tab: the list's hits as in the list, then from top to bottom and from where lines start. */
  private order(): void {
    const rtl = this.map.getContainer().closest('[data-dir]')?.getAttribute('data-dir') === 'rtl';
    const spots = [...this.shown.values()].map(({ mark, marker }) => {
      const { x, y } = this.map.latLngToLayerPoint(marker.getLatLng());
      return { element: marker.getElement(), order: mark.order, row: Math.round(y / 44), x: rtl ? -x : x };
    });
    spots.sort((a, b) => (a.order === b.order ? a.row - b.row || a.x - b.x : a.order - b.order));
    const pane = this.map.getPane('markerPane');
    const root = pane?.getRootNode();
    const focused = root instanceof ShadowRoot ? root.activeElement : null;
    for (const { element } of spots) if (pane && element && element !== focused) pane.append(element);
  }
}

function face(mark: Mark): HTMLElement {
  const parts = document.createElement('span');
  const inner = document.createElement('span');
  inner.className = 'face';
  inner.textContent = mark.text;
  parts.append(inner);
  if (mark.tip) {
    const tip = document.createElement('bdi');
    tip.className = 'tip';
    // Apart from the number, for whoever hears both or compares them with the label.
    tip.textContent = ` ${mark.tip}`;
    parts.append(tip);
  }
  return parts;
}
