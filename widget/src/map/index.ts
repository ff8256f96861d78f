import { SearchMap } from './element';

/** The second file of the widget: loading it defines `provider-search-map`. */
if (!customElements.get('provider-search-map')) customElements.define('provider-search-map', SearchMap);
