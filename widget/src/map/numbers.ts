/** Numbers on the map, in the reader's language and numerals. */

/** A count that fits a circle: 694, 1.2K, ١٫٢ ألف. */
export function shortCount(count: number, lang: string): string {
  if (count < 1000) return new Intl.NumberFormat(lang).format(count);
  const digits = count < 10_000 ? 2 : 3;
  return new Intl.NumberFormat(lang, { notation: 'compact', maximumSignificantDigits: digits }).format(count);
}

/** The scale's words: 500 m, 20 km. */
export function distanceLabel(metres: number, lang: string): string {
  const [value, unit] = metres >= 1000 ? [metres / 1000, 'kilometer'] : [metres, 'meter'];
  return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}
