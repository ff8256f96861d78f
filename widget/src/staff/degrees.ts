/** Degrees as people type them and as a form takes them: the rules are those of the service's `parse_degrees`. */
import type { PointOf } from './contract';

/** A number of decimal degrees in any of the readers' digits; null for what is none. */
export function parseDegrees(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .replace('−', '-')
    .replace('٫', '.')
    .replace(/\u200e/g, '')
    .replace(/°$/, '')
    .trim();
  const dotted = plain.includes('.') ? plain : plain.replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(dotted) ? Number(dotted) : null;
}

/** The point of two fields; null where it is none, and for (0, 0), which programs write for "unknown". */
export function parsePoint(lat: string, lon: string): PointOf | null {
  const [north, east] = [parseDegrees(lat), parseDegrees(lon)];
  if (north === null || east === null || Math.abs(north) > 90 || Math.abs(east) > 180) return null;
  return north === 0 && east === 0 ? null : { lat: north, lon: east };
}

/** The point of one field, such as "-1.2921, 36.8219"; null where it says something else, or nothing. */
export function parsePair(text: string): PointOf | null {
  const [lat, lon, more] = text.trim().split(/\s*[,;]\s*|\s+/);
  return lat === undefined || lon === undefined || more !== undefined ? null : parsePoint(lat, lon);
}

/** Five digits are a metre. */
export function formatDegrees(degrees: number): string {
  return String(Math.round(degrees * 1e5) / 1e5);
}
