/** The element `provider-search-map`: the search's listings on a map. What it takes and tells is in contract.ts. */
import type { Map as LMap, Circle as LCircle, GridLayer as LGrid, Marker as LMarker } from 'leaflet';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type {
  Bounds,
  Circle as Area,
  Direction,
  MapAnswer,
  MapApi,
  MapItem,
  MapStrings,
  ProviderSearchMap,
  Theme,
} from './contract';
import { coloursOf, drawScale, fitBox, FIT_ZOOM, LEAST_ZOOM, MOST_ZOOM, SOURCES, startMap, steer, Upkeep } from './base';
import { boxShown, nearLon, sameBox } from './geography';
import { Ground } from './ground';
import { Circle, DivIcon, Marker, TileLayer } from './leaflet';
import { Markers, marksOf, type Mark } from './markers';
import { Names } from './names';
import { mapStyles } from './styles';

/** A move is asked for once it has come to rest. */
const REST_MS = 150;

/** What markers are made of, besides an answer. */
const SHOWN_BY = ['items', 'active', 'lang', 'dir', 'strings'] as const;

export class SearchMap extends LitElement implements ProviderSearchMap {
  static override styles = mapStyles;

  @property({ attribute: false }) api: MapApi | null = null;
  @property({ attribute: false }) items: readonly MapItem[] = [];
  @property({ attribute: false }) active: string | null = null;
  @property() override lang = 'en';
  @property() override dir: Direction = 'ltr';
  @property({ attribute: false }) strings!: MapStrings;
  @property({ attribute: false }) where: Area | null = null;
  @property({ attribute: false }) own: { readonly lat: number; readonly lon: number } | null = null;
  @property({ attribute: false }) bounds: Bounds | null = null;
  @property() tiles: string | null = null;
  @property() credit = '';
  @property({ reflect: true }) theme: Theme = 'auto';

  @state() private moved = false;
  @state() private failed = false;
  @state() private busy = false;
  @state() private zoom = 2;
  @state() private centreLat = 0;
  @query('#map') private readonly box!: HTMLElement;

  private map: LMap | null = null;
  private ground: LGrid | null = null;
  private names: Names | null = null;
  private markers: Markers | null = null;
  private circle: LCircle | null = null;
  private self: LMarker | null = null;
  private answer: MapAnswer | null = null;
  private asking: AbortController | null = null;
  private timer = 0;
  /** The view is being set by the search: not the reader's move. */
  private placing = false;
  private readonly redraw = (): void => void this.ground?.redraw();

  constructor() {
    super();
    new Upkeep(this, () => this.map, this.redraw);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && !this.map) this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.timer);
    this.asking?.abort();
    this.names?.clear();
    this.map?.remove();
    this.map = this.ground = this.names = this.markers = this.circle = this.self = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the search sets them after it made the element
    if (!this.strings) return nothing;
    const { strings } = this;
    return html`
      <div data-dir=${this.dir}>
        <div id="map" role="application" tabindex="0" aria-label=${strings.label} aria-describedby="how"></div>
      </div>
      <p id="how" class="hidden">${strings.instructions}</p>
      <div class="top">
        ${this.moved ? this.renderMoved() : nothing}
        <div role="status">${this.renderStatus()}</div>
        ${this.failed ? this.renderFailure() : nothing}
      </div>
      <div class="zoom">
        ${this.renderZoom('+', strings.zoomIn, 1)} ${this.renderZoom('−', strings.zoomOut, -1)}
      </div>
      <div class="foot" aria-hidden="true">
        <span>${this.tiles === null ? strings.attribution(SOURCES) : this.credit}</span>
        <span class="scale"></span>
      </div>
    `;
  }

  private renderMoved(): TemplateResult {
    const { strings } = this;
    return html`<div class="moved">
      <button type="button" @click=${this.searchHere}>${strings.searchHere}</button>
      ${this.bounds ? html`<button type="button" @click=${this.goBack}>${strings.back}</button>` : nothing}
    </div>`;
  }

  private renderStatus(): TemplateResult | typeof nothing {
    if (this.busy && !this.answer) return html`<span class="note">${this.strings.loading}</span>`;
    const empty = this.moved && !this.busy && !this.failed && this.answer && !this.answer.features.length;
    return empty ? html`<span class="note">${this.strings.empty}</span>` : nothing;
  }

  private renderZoom(sign: string, label: string, by: number): TemplateResult {
    const end = by > 0 ? this.zoom >= MOST_ZOOM : this.zoom <= LEAST_ZOOM;
    return html`<button type="button" aria-label=${label} ?disabled=${end} @click=${() => this.map?.setZoom(this.zoom + by)}>
      ${sign}
    </button>`;
  }

  private renderFailure(): TemplateResult {
    return html`<div class="note" role="alert">
      ${this.strings.failed} <button type="button" @click=${() => void this.ask()}>${this.strings.retry}</button>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.setScale();
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- as above
    if (!this.strings || !this.isConnected) return;
    if (!this.map) {
      this.start();
      return;
    }
    if (changed.has('tiles')) this.setGround();
    if (changed.has('theme')) this.redraw();
    if (changed.has('lang')) void this.names?.show();
    if (changed.has('where')) this.setCircle();
    if (changed.has('own')) this.setOwn();
    if (changed.has('bounds') && this.bounds && !sameBox(this.bounds, this.view())) this.fit(this.bounds);
    if (changed.has('api')) {
      this.moved = false;
      void this.ask();
    }
    if (SHOWN_BY.some((name) => changed.has(name))) this.mark();
  }

  private start(): void {
    const map = startMap(this.box);
    this.map = map;
    this.markers = new Markers(map, { hover: (id) => this.hover(id), choose: (mark) => this.choose(mark) });
    this.names = new Names(map, () => this.lang);
    this.box.addEventListener('keydown', this.onKey);
    this.placing = true;
    if (this.bounds) this.fit(this.bounds);
    else map.setView([20, 10], 2, { animate: false });
    this.setGround();
    this.setCircle();
    this.setOwn();
    map.on('moveend', this.rest);
    map.on('dragstart', () => void (this.moved = true));
    map.on('zoomstart', () => void (this.moved ||= !this.placing));
    this.placing = false;
    this.rest();
  }

  private setGround(): void {
    const { map } = this;
    if (!map) return;
    this.ground?.remove();
    this.ground = this.tiles
      ? new TileLayer(this.tiles, { maxZoom: MOST_ZOOM, referrerPolicy: 'no-referrer' })
      : new Ground(() => coloursOf(this));
    this.ground.addTo(map);
    if (this.tiles) this.names?.clear();
    else void this.names?.show();
  }

  private setCircle(): void {
    this.circle?.remove();
    this.circle = null;
    if (!this.map || !this.where) return;
    const { lat, lon, radius_km: km } = this.where;
    const spot: [number, number] = [lat, nearLon(lon, this.map.getCenter().lng)];
    this.circle = new Circle(spot, { radius: km * 1000, interactive: false, className: 'area' }).addTo(this.map);
  }

  /** The reader's own position, under the pins. */
  private setOwn(): void {
    this.self?.remove();
    this.self = null;
    if (!this.map || !this.own) return;
    // An element, as an empty text would be set as markup, which strict pages forbid.
    const icon = new DivIcon({ className: 'own', html: document.createElement('span'), iconSize: [24, 24] });
    const spot: [number, number] = [this.own.lat, nearLon(this.own.lon, this.map.getCenter().lng)];
    this.self = new Marker(spot, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(this.map);
    this.self.getElement()?.setAttribute('role', 'img');
    this.self.getElement()?.setAttribute('aria-label', this.strings.own);
  }

  private fit(bounds: Bounds, most = FIT_ZOOM): void {
    this.placing = true;
    this.moved = false;
    if (this.map) fitBox(this.map, bounds, most);
    this.placing = false;
    if (this.circle) this.setCircle();
    if (this.self) this.setOwn();
  }

  /** The view has come to rest: draw its names, and ask for what is in it. */
  private readonly rest = (): void => {
    const { map } = this;
    if (!map) return;
    this.zoom = map.getZoom();
    this.centreLat = map.getCenter().lat;
    if (!this.tiles) void this.names?.show();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), REST_MS);
  };

  private view(): Bounds | null {
    const size = this.map?.getSize();
    if (!this.map || !size?.x || !size.y) return null;
    const box = this.map.getBounds();
    return boxShown(box.getWest(), box.getSouth(), box.getEast(), box.getNorth());
  }

  /** Asks for the view; only the newest question is answered. What was there stays until then, and where it fails. */
  private async ask(): Promise<void> {
    const view = this.view();
    if (!this.api || !this.map || !view) return;
    window.clearTimeout(this.timer);
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.busy = true;
    try {
      const answer = await this.api.map(view, this.map.getZoom(), asking.signal);
      if (asking.signal.aborted) return;
      this.answer = answer;
      this.failed = false;
      this.mark();
      if (answer.somewhere) this.tell('map-somewhere', answer.somewhere);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.failed = true;
      this.tell('map-error', { error });
    } finally {
      if (this.asking === asking) this.busy = false;
    }
  }

  private mark(): void {
    const { map } = this;
    if (!map) return;
    const project = (lon: number, lat: number) => map.project([lat, nearLon(lon, map.getCenter().lng)]);
    this.markers?.show(marksOf(this.answer, this.items, this.active, { strings: this.strings, lang: this.lang }, project));
    this.markers?.point(this.active);
  }

  private choose({ id, cluster }: Mark): void {
    if (id !== null) this.tell('map-select', { id });
    else if (cluster?.same_point) this.tell('map-search-here', { bbox: cluster.bbox });
    else if (cluster && this.map) {
      const before = this.map.getZoom();
      this.fit(cluster.bbox, MOST_ZOOM);
      // A cluster as wide as the view opens by a step.
      if (this.map.getZoom() <= before) this.map.setZoomAround(this.map.getCenter(), before + 1);
      this.moved = true;
      this.box.focus({ preventScroll: true });
    }
  }

  private hover(id: string | null): void {
    this.tell('map-hover', { id });
  }

  private readonly searchHere = (): void => {
    const bbox = this.view();
    if (!bbox) return;
    this.moved = false;
    this.box.focus({ preventScroll: true });
    this.tell('map-search-here', { bbox });
  };

  private readonly goBack = (): void => {
    if (this.bounds) this.fit(this.bounds);
    this.box.focus({ preventScroll: true });
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.map && steer(this.map, event) === 'moved') this.moved = true;
  };

  private setScale(): void {
    drawScale(this.renderRoot.querySelector<HTMLElement>('.scale'), this.centreLat, this.zoom, this.lang);
  }

  private tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
