/** The way there, in what the device has for it. */
import type { Item } from '../api/types';

/** A link that shows the way; null where no more than the city is known. */
export function directionsTo(item: Item, agent = navigator.userAgent): string | null {
  if (item.location?.precision !== 'exact') return null;
  const { lat, lon } = item.location;
  if (/Android/i.test(agent)) return `geo:${lat},${lon}?q=${lat},${lon}(${encodeURIComponent(item.name)})`;
  if (/iPhone|iPad|iPod/i.test(agent)) return `https://maps.apple.com/?daddr=${lat},${lon}`;
  return `https://www.openstreetmap.org/directions?to=${lat}%2C${lon}`;
}
