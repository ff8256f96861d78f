/**
 * The element `staff-map`: on the network team's pages it shows a proposed provider among the listings around it, or
 * the listings of a list; in an officer's form, where it has `looks-at`, it sets the form's point. Without script the page has what it needs beside it.
 */
import type { LeafletMouseEvent, Map as LMap, Marker as LMarker } from 'leaflet';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { coloursOf, drawScale, fitBox, LEAST_ZOOM, MOST_ZOOM, SOURCES, startMap, steer, Upkeep } from '../map/base';
import { aroundCircle, nearLon, wrapLon } from '../map/geography';
import { Ground } from '../map/ground';
import { Circle } from '../map/leaflet';
import { type Mark, Markers } from '../map/markers';
import { Names } from '../map/names';
import { mapStyles } from '../map/styles';
import type { Here, PickWords, PointOf, Spot, StaffWords } from './contract';
import { formatDegrees } from './degrees';
import { Fields } from './fields';
import { gather } from './gather';
import { markOf, markOfMany, placePoint } from './marks';
import { staffStyles } from './styles';

/** How near a point that was typed or found is looked at. */
const NEAR_ZOOM = 13;
/** And the middle of a city, where nothing nearer is known. */
const CITY_ZOOM = 10;
const LOCATING = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };

export class StaffMap extends LitElement {
  static override styles = [mapStyles, staffStyles];

  @property({ type: Object }) words: StaffWords | null = null;
  @property({ type: Array }) spots: readonly Spot[] = [];
  @property({ type: Object }) here: Here | null = null;
  /** Kilometres around `here`. */
  @property({ type: Number }) radius = 0;
  /** The address that tells the box of a country and city: with it the map sets the point of the form it stands in. */
  @property({ attribute: 'looks-at' }) looksAt: string | null = null;

  @state() private zoom = 2;
  @state() private said = '';
  @state() private hasPoint = false;
  @query('#map') private readonly box!: HTMLElement;
  @query('.scale') private readonly scale!: HTMLElement | null;

  private map: LMap | null = null;
  private ground: Ground | null = null;
  private names: Names | null = null;
  private point: LMarker | null = null;
  private fields: Fields | null = null;
  private readonly redraw = (): void => void this.ground?.redraw();

  constructor() {
    super();
    new Upkeep(this, () => this.map, this.redraw);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.fields?.end();
    this.map?.remove();
    this.map = this.ground = this.names = this.point = this.fields = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { words } = this;
    if (!words) return nothing;
    return html`
      <div class=${words.pick ? 'frame picks' : 'frame'} data-dir=${this.dir}>
        <div id="map" role="application" tabindex="0" aria-label=${words.label} aria-describedby="how"></div>
        <div class="cross" aria-hidden="true"></div>
        <p id="how" class="hidden">${words.instructions}</p>
        <div class="zoom">${this.renderZoom('+', words.zoom_in, 1)} ${this.renderZoom('−', words.zoom_out, -1)}</div>
        <div class="foot" aria-hidden="true">
          <span>${words.attribution.replace('{sources}', SOURCES)}</span>
          <span class="scale"></span>
        </div>
      </div>
      ${words.pick ? this.renderTools(words.pick) : nothing}
    `;
  }

  private renderZoom(sign: string, label: string, by: number): TemplateResult {
    const end = by > 0 ? this.zoom >= MOST_ZOOM : this.zoom <= LEAST_ZOOM;
    return html`<button type="button" aria-label=${label} ?disabled=${end} @click=${() => this.map?.setZoom(this.zoom + by)}>
      ${sign}
    </button>`;
  }

  private renderTools({ locate, remove }: PickWords): TemplateResult {
    return html`<div class="tools">
      <button type="button" @click=${this.locate}>${locate}</button>
      ${this.hasPoint ? html`<button type="button" @click=${this.forget}>${remove}</button>` : nothing}
      <p role="status">${this.said}</p>
    </div>`;
  }

  protected override firstUpdated(): void {
    this.start();
  }

  protected override updated(): void {
    // In the digits of the page.
    if (this.map) drawScale(this.scale, this.map.getCenter().lat, this.zoom, `${this.lang}-u-nu-latn`);
  }

  private start(): void {
    if (!this.words || this.map) return;
    const map = (this.map = startMap(this.box));
    map.setView([20, 10], 2, { animate: false });
    this.names = new Names(map, () => this.lang);
    this.ground = new Ground(() => coloursOf(this));
    this.ground.addTo(map);
    if (this.here) this.show(map, this.here);
    else if (this.spots.length > 0) this.showSpots(map);
    if (this.looksAt !== null) this.pick(map, this.looksAt);
    map.on('moveend', this.rest);
    this.box.addEventListener('keydown', this.onKey);
    this.rest();
  }

  private readonly rest = (): void => {
    if (!this.map) return;
    this.zoom = this.map.getZoom();
    void this.names?.show();
  };

  private show(map: LMap, here: Here): void {
    if (this.radius === 0) {
      // Nothing but the one point.
      map.setView([here.lat, here.lon], here.exact ? NEAR_ZOOM : CITY_ZOOM, { animate: false });
      placePoint(map, here, this.words?.here ?? '', here.exact ? '' : ' ring');
      return;
    }
    fitBox(map, aroundCircle({ ...here, radius_km: this.radius }));
    const middle: [number, number] = [here.lat, nearLon(here.lon, map.getCenter().lng)];
    new Circle(middle, { radius: this.radius * 1000, interactive: false, className: 'area' }).addTo(map);
    this.mark(map);
    placePoint(map, here, this.words?.here ?? '', here.exact ? '' : ' ring');
  }

  /** Listings around nothing in particular: the map fits them. */
  private showSpots(map: LMap): void {
    this.fit(map, this.spots);
    this.mark(map);
  }

  private fit(map: LMap, spots: readonly Spot[], most?: number): void {
    const [lons, lats] = [spots.map(({ lon }) => lon), spots.map(({ lat }) => lat)];
    fitBox(map, [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], most);
  }

  private mark(map: LMap): void {
    const markers = new Markers(map, { hover: (id) => markers.point(id), choose: (mark) => this.choose(map, mark) });
    const show = (): void => {
      const places = this.spots.map(({ lat, lon }) => map.latLngToLayerPoint([lat, nearLon(lon, map.getCenter().lng)]));
      const groups = gather(places).map((group) => group.map((place) => this.spots[place]).filter((spot) => spot !== undefined));
      markers.show(groups.map((group) => this.markOfGroup(group)));
    };
    map.on('zoomend', show);
    show();
  }

  private markOfGroup(group: readonly Spot[]): Mark {
    const [only] = group;
    return only && group.length === 1 ? markOf(only) : markOfMany(group, this.words?.several ?? '{count}');
  }

  /** One leads to its row; several come apart, or lead to the first of their rows where no zoom parts them. */
  private choose(map: LMap, { id, key, classes }: Mark): void {
    const ids = new Set(key.split(' '));
    const group = this.spots.filter((spot) => ids.has(spot.id));
    const before = map.getZoom();
    if (classes.endsWith('cluster') && before < MOST_ZOOM) {
      this.fit(map, group, MOST_ZOOM);
      if (map.getZoom() <= before) map.setZoom(before + 1, { animate: false });
    } else document.getElementById(`spot-${id}`)?.focus();
  }

  private pick(map: LMap, looksAt: string): void {
    const form = this.closest('form');
    if (!form) return;
    this.fields = new Fields(form, looksAt, { moved: () => this.follow(), placed: () => void this.look() });
    map.on('click', ({ latlng }: LeafletMouseEvent) => this.set({ lat: latlng.lat, lon: wrapLon(latlng.lng) }));
    this.follow();
    void this.look();
  }

  /** Shows the point that the fields hold. */
  private follow(): void {
    const point = this.fields?.point ?? null;
    if (point) this.goTo(point);
    else this.draw(null);
  }

  private goTo(point: PointOf): void {
    this.draw(point);
    if (!this.map) return;
    const spot: [number, number] = [point.lat, nearLon(point.lon, this.map.getCenter().lng)];
    if (this.map.getZoom() < NEAR_ZOOM || !this.map.getBounds().contains(spot)) {
      this.map.setView(spot, Math.max(NEAR_ZOOM, this.map.getZoom()), { animate: false });
    }
  }

  /** Shows the city or country that was chosen, as long as there is no point; or the point that the service read. */
  private async look(): Promise<void> {
    // Without an answer the map stays where it is.
    const looked = this.fields?.point ? null : await this.fields?.look().catch(() => null);
    if (!looked || !this.map || this.fields?.point) return;
    if (looked.point) this.goTo(looked.point);
    else if (looked.bbox) fitBox(this.map, looked.bbox);
  }

  private set(point: PointOf): void {
    if (!this.fields) return;
    this.fields.point = point;
    this.draw(point);
    const { lat, lon } = point;
    // Digits in their order whatever the direction of the words around them.
    this.said = this.words?.pick?.set.replace('{point}', `\u2066${formatDegrees(lat)}, ${formatDegrees(lon)}\u2069`) ?? '';
  }

  private draw(point: PointOf | null): void {
    this.point?.remove();
    this.point = point && this.map ? placePoint(this.map, point, this.words?.here ?? '', '', this.dragged) : null;
    this.hasPoint = point !== null;
  }

  private readonly dragged = (point: PointOf): void => this.set({ lat: point.lat, lon: wrapLon(point.lon) });

  private readonly forget = (): void => {
    if (this.fields) this.fields.point = null;
    this.draw(null);
    this.said = this.words?.pick?.removed ?? '';
    // The button that had the focus goes.
    this.box.focus({ preventScroll: true });
  };

  /** Asked only here, at a press of the button. */
  private readonly locate = (): void => {
    const fail = (): void => void (this.said = this.words?.pick?.nowhere ?? '');
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it is missing on pages that came without TLS
    if (!navigator.geolocation) {
      fail();
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.set({ lat: coords.latitude, lon: coords.longitude });
        this.follow();
      },
      fail,
      LOCATING,
    );
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const { map } = this;
    if (!map || steer(map, event) || !this.fields || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    const { lat, lng } = map.getCenter();
    this.set({ lat, lon: wrapLon(lng) });
  };
}
