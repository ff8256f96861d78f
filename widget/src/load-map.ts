/** The map's own file, fetched when a map is first shown. */

/** The pinned name of the map's file, set by the build. */
declare const __MAP_FILE__: string;
const PLAIN = './provider-search-map.js';

let loading: Promise<unknown> | null = null;

export function loadMap(): Promise<unknown> {
  const from = (file: string): Promise<unknown> => import(/* @vite-ignore */ new URL(file, import.meta.url).href);
  // A page that was open while the service was upgraded asks for a name that is gone.
  loading ??= from(__MAP_FILE__)
    .catch(() => from(PLAIN))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}
