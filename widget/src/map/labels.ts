/** Which place names a view shows, and in which words: pure functions. */

/** A row of a piece: what places.tsv has of a place, with its names in order where it has them. */
export type PlaceRow = readonly [
  lon: number,
  lat: number,
  thousands: number,
  capital: number,
  name: string,
  fr?: string,
  es?: string,
  ar?: string,
  local?: string,
];

export interface Label {
  readonly lon: number;
  readonly lat: number;
  readonly text: string;
  /** The name on the spot's own signs, where it differs. */
  readonly local: string;
  readonly capital: boolean;
  /** 0 is a metropolis, 3 a village. */
  readonly rank: 0 | 1 | 2 | 3;
}

const NAME_AT: Readonly<Record<string, 5 | 6 | 7>> = { fr: 5, es: 6, ar: 7 };

export function labelOf(row: PlaceRow, lang: string): Label {
  const [lon, lat, thousands, capital, name] = row;
  const at = NAME_AT[lang.slice(0, 2).toLowerCase()];
  const translated = at ? row[at] : '';
  const text = translated === undefined || translated === '' ? name : translated;
  const local = row[8] && row[8] !== text ? row[8] : '';
  const rank = thousands >= 3000 ? 0 : thousands >= 500 ? 1 : thousands >= 50 ? 2 : 3;
  return { lon, lat, text, local, capital: capital === 1, rank };
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Those whose boxes are free, the first first: neither a label nor what is `taken` is covered. At most `most`. */
export function declutter<T>(
  candidates: Iterable<T>,
  boxOf: (candidate: T) => Box,
  taken: readonly Box[],
  most: number,
): T[] {
  const boxes = [...taken];
  const kept: T[] = [];
  for (const candidate of candidates) {
    const box = boxOf(candidate);
    if (boxes.some((other) => overlaps(box, other))) continue;
    boxes.push(box);
    kept.push(candidate);
    if (kept.length === most) break;
  }
  return kept;
}
