/** The base map's data, fetched piece by piece and kept: map-data/outlines.mjs makes it. */
import type { PlaceRow } from './labels';

/** Steps across a piece. */
export const EXTENT = 32768;

/** As it comes: each line starts with a point, steps follow. */
interface PieceFile {
  readonly land: readonly (readonly number[])[];
  readonly lakes: readonly (readonly number[])[];
  readonly rivers: readonly (readonly number[])[];
  readonly borders: readonly (readonly number[])[];
  readonly places: readonly PlaceRow[];
}

export interface Line {
  readonly points: Int32Array;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Piece {
  readonly land: readonly Line[];
  readonly lakes: readonly Line[];
  readonly rivers: readonly Line[];
  readonly borders: readonly Line[];
  readonly places: readonly PlaceRow[];
}

/** The zoom whose tiles are the pieces of a view. */
export function pieceZoom(zoom: number): 0 | 2 | 4 {
  return zoom < 3 ? 0 : zoom < 6 ? 2 : 4;
}

const URLS = import.meta.glob<string>('../../map-data/pieces/*.json', {
  query: '?url',
  import: 'default',
  eager: true,
});

export function decodeLine(steps: readonly number[]): Line {
  const points = new Int32Array(steps.length);
  let [x, y, left, top, right, bottom] = [0, 0, Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 1 < steps.length; at += 2) {
    points[at] = x += steps[at] ?? 0;
    points[at + 1] = y += steps[at + 1] ?? 0;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { points, left, top, right, bottom };
}

const EMPTY: Piece = { land: [], lakes: [], rivers: [], borders: [], places: [] };
const loaded = new Map<string, Promise<Piece>>();

/** A piece; open sea is empty. A piece that could not be fetched is asked for again the next time. */
export function loadPiece(zoom: number, x: number, y: number): Promise<Piece> {
  const url = URLS[`../../map-data/pieces/${zoom}-${x}-${y}.json`];
  if (!url) return Promise.resolve(EMPTY);
  let piece = loaded.get(url);
  if (!piece) {
    piece = fetchPiece(url);
    loaded.set(url, piece);
    piece.catch(() => loaded.delete(url));
  }
  return piece;
}

async function fetchPiece(url: string): Promise<Piece> {
  const answer = await fetch(url, { credentials: 'omit' });
  if (!answer.ok) throw new Error(`base map: ${answer.status}`);
  const file = (await answer.json()) as PieceFile;
  return {
    land: file.land.map(decodeLine),
    lakes: file.lakes.map(decodeLine),
    rivers: file.rivers.map(decodeLine),
    borders: file.borders.map(decodeLine),
    places: file.places,
  };
}
