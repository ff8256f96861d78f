/** What stands on the map of a page of proposals: the numbered listings, and the one point that all is about. */
import type { Map as LMap, Marker as LMarker } from 'leaflet';
import { nearLon } from '../map/geography';
import { DivIcon, Marker } from '../map/leaflet';
import type { Mark } from '../map/markers';
import type { PointOf, Spot } from './contract';

/** A listing as the map's markers take it. */
export function markOf(spot: Spot): Mark {
  // In the digits of the page's list.
  const text = String(spot.number);
  return {
    key: spot.id,
    lon: spot.lon,
    lat: spot.lat,
    text,
    classes: `marker pin numbered${spot.in_network ? '' : ' outside'}${spot.city_only ? ' ring' : ''}`,
    label: `${text}. ${spot.name}, ${spot.description}`,
    tip: spot.name,
    order: spot.number,
    id: spot.id,
    cluster: null,
  };
}

/** Listings that lie too near to each other for a pin each: one that stands where the first is, and says how many. */
export function markOfMany(spots: readonly Spot[], words: string): Mark {
  const [first] = spots;
  if (!first) throw new RangeError('a mark of nothing');
  const text = String(spots.length);
  const names = spots.map(({ number, name }) => `${number}. ${name}`).join(', ');
  return {
    ...markOf(first),
    key: spots.map(({ id }) => id).join(' '),
    text,
    classes: `marker cluster${spots.some(apartFrom(first)) ? '' : ' same'}`,
    label: `${words.replace('{count}', text)}: ${names}`,
    tip: '',
  };
}

/** Whether a zoom could part them. */
export const apartFrom =
  (first: PointOf) =>
  ({ lat, lon }: PointOf): boolean =>
    lat !== first.lat || lon !== first.lon;

/** Puts the point on the map. It is nothing to press: a tap on it is one on the map. Where one may, it is dragged. */
export function placePoint(
  map: LMap,
  { lat, lon }: PointOf,
  label: string,
  more = '',
  dragged?: (to: PointOf) => void,
): LMarker {
  const face = document.createElement('span');
  face.className = 'face';
  const icon = new DivIcon({ className: `marker here${more}`, html: face, iconSize: [44, 44] });
  const spot: [number, number] = [lat, nearLon(lon, map.getCenter().lng)];
  const draggable = dragged !== undefined;
  const marker = new Marker(spot, { icon, interactive: draggable, draggable, keyboard: false, zIndexOffset: 5000 });
  marker.addTo(map);
  marker.on('dragend', () => dragged?.({ lat: marker.getLatLng().lat, lon: marker.getLatLng().lng }));
  marker.getElement()?.setAttribute('role', 'img');
  marker.getElement()?.setAttribute('aria-label', label);
  return marker;
}
