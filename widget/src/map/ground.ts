/** The base map without a tile server: land, water and borders, drawn on canvas tiles from the pieces. */
import type { Coords, DoneCallback } from 'leaflet';
import { graticuleStep } from './geography';
import { GridLayer } from './leaflet';
import { EXTENT, loadPiece, pieceZoom, type Line, type Piece } from './pieces';

const SIZE = 512;

export interface GroundColours {
  readonly water: string;
  readonly land: string;
  readonly coast: string;
  readonly border: string;
  readonly grid: string;
}

/** Where a tile lies in its piece: the piece, and from its steps to the tile's pixels. */
interface Frame {
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

export class Ground extends GridLayer {
  constructor(private readonly colours: () => GroundColours) {
    super({ tileSize: SIZE, updateWhenZooming: false, keepBuffer: 1, className: 'ground' });
  }

  protected override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const canvas = document.createElement('canvas');
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    canvas.width = canvas.height = Math.round(SIZE * ratio);
    void this.draw(canvas, coords, ratio).then(
      () => done(undefined, canvas),
      (error: unknown) => done(error as Error, canvas),
    );
    return canvas;
  }

  private async draw(canvas: HTMLCanvasElement, { x, y, z }: Coords, ratio: number): Promise<void> {
    const context = canvas.getContext('2d');
    if (!context) return;
    const colours = this.colours();
    context.scale(ratio, ratio);
    context.fillStyle = colours.water;
    context.fillRect(0, 0, SIZE, SIZE);
    const level = pieceZoom(z);
    const piecePixels = 256 * 2 ** (z - level);
    const [px, py] = [Math.floor((x * SIZE) / piecePixels), Math.floor((y * SIZE) / piecePixels)];
    const piece = await loadPiece(level, px, py);
    const frame = {
      scale: piecePixels / EXTENT,
      offsetX: px * piecePixels - x * SIZE,
      offsetY: py * piecePixels - y * SIZE,
    };
    paint(context, piece, frame, colours, z);
    graticule(context, { x, y, z }, colours.grid);
  }
}

function paint(context: CanvasRenderingContext2D, piece: Piece, frame: Frame, colours: GroundColours, zoom: number): void {
  context.lineJoin = context.lineCap = 'round';
  const fine = zoom < 4 ? 0.6 : 1;
  trace(context, piece.land, frame, true);
  context.fillStyle = colours.land;
  context.fill('evenodd');
  outline(context, colours.coast, fine);
  if (zoom >= 4) {
    trace(context, piece.rivers, frame, false);
    outline(context, colours.coast, zoom < 7 ? 0.7 : 1.2);
  }
  trace(context, piece.lakes, frame, true);
  context.fillStyle = colours.water;
  context.fill('evenodd');
  outline(context, colours.coast, fine);
  trace(context, piece.borders, frame, false);
  outline(context, colours.border, zoom < 4 ? 0.8 : 1.4);
}

function outline(context: CanvasRenderingContext2D, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/** The lines that touch the tile, as one path. */
function trace(context: CanvasRenderingContext2D, lines: readonly Line[], frame: Frame, closed: boolean): void {
  const { scale, offsetX, offsetY } = frame;
  context.beginPath();
  for (const { points, left, top, right, bottom } of lines) {
    if (right * scale + offsetX < -2 || left * scale + offsetX > SIZE + 2) continue;
    if (bottom * scale + offsetY < -2 || top * scale + offsetY > SIZE + 2) continue;
    for (let at = 0; at < points.length; at += 2) {
      const x = (points[at] ?? 0) * scale + offsetX;
      const y = (points[at + 1] ?? 0) * scale + offsetY;
      if (at) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
    if (closed) context.closePath();
  }
}

/** Thin lines of latitude and longitude: they show that the map moves where there is nothing else to see. */
function graticule(context: CanvasRenderingContext2D, { x, y, z }: { x: number; y: number; z: number }, colour: string): void {
  if (z < 3) return;
  const [world, step] = [256 * 2 ** z, graticuleStep(z)];
  const lonAt = (pixel: number): number => (pixel / world) * 360 - 180;
  const latAt = (pixel: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * pixel) / world))) * 180) / Math.PI;
  context.beginPath();
  for (let n = Math.ceil(lonAt(x * SIZE) / step); n * step <= lonAt((x + 1) * SIZE); n += 1) {
    const at = ((n * step + 180) / 360) * world - x * SIZE;
    context.moveTo(at, 0);
    context.lineTo(at, SIZE);
  }
  for (let n = Math.ceil(latAt((y + 1) * SIZE) / step); n * step <= latAt(y * SIZE); n += 1) {
    const radians = (n * step * Math.PI) / 180;
    const at = (0.5 - Math.asinh(Math.tan(radians)) / (2 * Math.PI)) * world - y * SIZE;
    context.moveTo(0, at);
    context.lineTo(SIZE, at);
  }
  outline(context, colour, 1);
}
