/** The names of places over the base map, as many as there is room for. */
import type { Map as LeafletMap } from 'leaflet';
import { nearLon } from './geography';
import { declutter, labelOf, type Box, type Label } from './labels';
import { loadPiece, pieceZoom, type Piece } from './pieces';

const SIZES = [14, 13, 12, 12] as const;
/** From here on a name on the spot's own signs stands below. */
const LOCAL_FROM = 9;
const GAP = 8;

export class Names {
  private readonly pane: HTMLElement;
  private readonly pen = document.createElement('canvas').getContext('2d');
  private run = 0;

  constructor(
    private readonly map: LeafletMap,
    private readonly lang: () => string,
  ) {
    this.pane = map.createPane('names');
    this.pane.setAttribute('aria-hidden', 'true');
  }

  clear(): void {
    this.run += 1;
    this.pane.replaceChildren();
  }

  /** Draws the names of the view. What is late for a view that was left is dropped. */
  async show(): Promise<void> {
    const run = (this.run += 1);
    const found = await Promise.allSettled(this.pieces());
    if (run !== this.run) return;
    const pieces = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    this.pane.replaceChildren(...this.chosen(pieces).map((label) => this.draw(label)));
  }

  private pieces(): Promise<Piece>[] {
    const level = pieceZoom(this.map.getZoom());
    const across = 2 ** level;
    const side = 256 * 2 ** (this.map.getZoom() - level);
    const { min, max } = this.map.getPixelBounds();
    if (!min || !max) return [];
    const wanted = new Map<string, Promise<Piece>>();
    for (let x = Math.floor(min.x / side); x <= Math.floor(max.x / side); x += 1) {
      for (let y = Math.max(0, Math.floor(min.y / side)); y <= Math.min(across - 1, Math.floor(max.y / side)); y += 1) {
        const column = ((x % across) + across) % across;
        wanted.set(`${column}-${y}`, loadPiece(level, column, y));
      }
    }
    return [...wanted.values()];
  }

  private chosen(pieces: readonly Piece[]): Label[] {
    const size = this.map.getSize();
    const view = this.map.getBounds().pad(0.05);
    const middle = this.map.getCenter().lng;
    const rows = pieces.flatMap((piece) => piece.places).map((row) => ({ row, lon: nearLon(row[0], middle) }));
    const seen = rows.filter(({ row, lon }) => view.contains([row[1], lon])).sort((a, b) => b.row[2] - a.row[2]);
    const labels = seen.slice(0, 600).map(({ row, lon }) => ({ ...labelOf(row, this.lang()), lon }));
    return declutter(labels, (label) => this.box(label), [], Math.round((size.x * size.y) / 14_000));
  }

  private box(label: Label): Box {
    const { x, y } = this.map.latLngToLayerPoint([label.lat, label.lon]);
    const width = this.width(label) + GAP;
    return { left: x - GAP, right: x + width + GAP, top: y - 12, bottom: y + 12 + this.localLine(label) };
  }

  private localLine(label: Label): number {
    return label.local && this.map.getZoom() >= LOCAL_FROM ? 13 : 0;
  }

  private width(label: Label): number {
    const size = SIZES[label.rank];
    if (!this.pen) return label.text.length * size * 0.6;
    this.pen.font = `600 ${size}px system-ui, sans-serif`;
    return this.pen.measureText(label.text).width;
  }

  private draw(label: Label): HTMLElement {
    const name = document.createElement('span');
    name.className = `name rank${label.rank}${label.capital ? ' capital' : ''}`;
    name.textContent = label.text;
    if (this.localLine(label)) {
      const local = document.createElement('small');
      local.textContent = label.local;
      name.append(local);
    }
    const { x, y } = this.map.latLngToLayerPoint([label.lat, label.lon]);
    name.style.left = `${Math.round(x + GAP)}px`;
    name.style.top = `${Math.round(y - 8)}px`;
    return name;
  }
}
