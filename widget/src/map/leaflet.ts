/**
 * The parts of Leaflet that the map needs. From its own modules, not its bundle: controls, popups, images and the
 * keyboard handler stay out of the file.
 */
export { Map as LeafletMap } from 'leaflet/src/map/Map.js';
export { LatLngBounds } from 'leaflet/src/geo/LatLngBounds.js';
export { GridLayer } from 'leaflet/src/layer/tile/GridLayer.js';
export { TileLayer } from 'leaflet/src/layer/tile/TileLayer.js';
export { Marker } from 'leaflet/src/layer/marker/Marker.js';
export { DivIcon } from 'leaflet/src/layer/marker/DivIcon.js';
export { Circle } from 'leaflet/src/layer/vector/Circle.js';
import 'leaflet/src/layer/vector/Renderer.getRenderer.js';
import 'leaflet/src/map/handler/Map.DoubleClickZoom.js';
import 'leaflet/src/map/handler/Map.Drag.js';
import 'leaflet/src/map/handler/Map.ScrollWheelZoom.js';
import 'leaflet/src/map/handler/Map.TouchZoom.js';
