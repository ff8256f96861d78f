/** The chips of the filters that are on. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FacetName } from '../api/types';
import type { Context } from '../context';
import { bdi } from '../i18n/rich';
import { FILTERS, filterOf, toggled, unfiltered } from '../query';

/** How many filters are on, for the button that opens them. */
export function filtersOn(context: Context): number {
  return FILTERS.reduce((sum, filter) => sum + context.query.filters[filter].length, 0);
}

export function chips(context: Context, hidden: readonly FacetName[]): TemplateResult | typeof nothing {
  const { words, query } = context;
  const on = FILTERS.filter((filter) => !hidden.some((facet) => filterOf(facet) === filter)).flatMap((filter) =>
    query.filters[filter].map((value) => ({ filter, value, label: context.label(filter, value) })),
  );
  if (!on.length) return nothing;
  return html`<ul class="chips" aria-label=${words.say('chosen')}>
    ${on.map(
      ({ filter, value, label }) => html`<li>
        <button
          type="button"
          class="chip"
          part="chip"
          aria-label=${words.say('remove', { filter: label })}
          @click=${() => context.go(toggled(query, filter, value))}
        >
          ${bdi(label)} <span aria-hidden="true">×</span>
        </button>
      </li>`,
    )}
    ${on.length > 1
      ? html`<li><button type="button" class="quiet" @click=${() => context.go(unfiltered(query))}>${words.say('clearAll')}</button></li>`
      : nothing}
  </ul>`;
}
