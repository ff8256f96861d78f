/** Filters with their counts. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FacetName, FacetValue } from '../api/types';
import type { Context } from '../context';
import { bdi } from '../i18n/rich';
import type { Sentence } from '../i18n/messages';
import { filterOf, settled, toggled, type Filter } from '../query';
import { SETTINGS } from '../pay';
import { fit, folded } from './proposals';

const ORDER: readonly FacetName[] = ['settlement', 'coverage', 'tariff', 'type', 'specialty', 'language', 'city', 'country', 'network'];
const SHORT = 6;
/** With more values one is found by its letters. */
const MANY = 12;
/** Ways to pay in one care setting, the easiest first. */
const WAYS: readonly (readonly [way: string, label: Sentence])[] = [
  ['card', 'payCard'],
  ['guarantee_letter', 'payLetter'],
  ['direct', 'payDirect'],
  ['none', 'payNone'],
];

export interface FilterOptions {
  readonly hidden: readonly FacetName[];
  readonly expanded: ReadonlySet<FacetName>;
  readonly onExpand: (facet: FacetName) => void;
  /** What is looked for among the values of a facet. */
  readonly sought: Readonly<Partial<Record<FacetName, string>>>;
  readonly onSeek: (facet: FacetName, text: string) => void;
}

export function filters(context: Context, options: FilterOptions): TemplateResult {
  const facets = context.results?.facets ?? {};
  // A control never vanishes because its counts are zero: how to pay is always asked, and the area where there is one.
  const stays = (name: FacetName) => name === 'settlement' || (name === 'coverage' && Boolean(facets.coverage));
  const shown = ORDER.filter((name) => !options.hidden.includes(name) && (stays(name) || worthShowing(facets[name], context)));
  // By name and value, so that the box that has the focus keeps it when others come and go.
  return html`<div class="filters" part="filters">
    ${repeat(
      shown,
      (name) => name,
      (name) => (name === 'settlement' ? ways(context, facets[name]) : group(context, name, facets[name] ?? [], options)),
    )}
  </div>`;
}

/** What everything found has tells nothing apart. */
function worthShowing(values: readonly FacetValue[] | undefined, { results }: Context): boolean {
  return Boolean(values?.some(({ selected, count }) => selected || count < (results?.total ?? 0)));
}

/** One choice for each care setting, always of the same ways: what nothing found has counts none. */
function ways(context: Context, values: readonly FacetValue[] | undefined): readonly TemplateResult[] {
  const { words, query } = context;
  return SETTINGS.map((setting) => {
    const chosen = query.filters.settlement.find((value) => value.startsWith(setting));
    // These counts are those of one choice alone: with one in the other setting they would not hold.
    const counted = values && query.filters.settlement.every((value) => value === chosen);
    const choice = (value: string | null, label: string, count?: number) => html`<label class="check">
      <input
        type="radio"
        name="ps-${setting}"
        .checked=${live((chosen ?? null) === value)}
        @change=${() => context.go(settled(query, setting, value))}
      />
      <span class="check-label">${label}</span>
      ${count === undefined || !counted ? nothing : html`<span class="count">${words.number(count)}</span>`}
    </label>`;
    return html`<fieldset class="facet">
      <legend>${words.say('facet_settlement')} <small>${words.say(setting)}</small></legend>
      ${choice(null, words.say('anyWay'))}
      ${WAYS.map(([way, label]) => {
        const value = `${setting}:${way}`;
        return choice(value, words.say(label), values?.find((each) => each.value === value)?.count ?? 0);
      })}
    </fieldset>`;
  });
}

function group(context: Context, name: FacetName, values: readonly FacetValue[], options: FilterOptions): TemplateResult {
  const { words } = context;
  const all = options.expanded.has(name);
  const facet = words.say(`facet_${name}`);
  const typed = folded(options.sought[name] ?? '');
  const fits = typed ? values.filter((value) => value.selected || fit(value.label, typed) > 0) : values;
  const shown = all || typed ? fits : values.filter((value, place) => place < SHORT || value.selected);
  return html`<fieldset class="facet">
    <legend>${facet}</legend>
    ${values.length > MANY ? seek(context, name, facet, options) : nothing}
    ${repeat(
      shown,
      ({ value }) => value,
      (value) => box(context, filterOf(name), value),
    )}
    ${shown.length ? nothing : html`<p role="status">${words.say('noValue')}</p>`}
    ${values.length > SHORT && !typed
      ? html`<button type="button" class="quiet" aria-expanded=${all ? 'true' : 'false'} @click=${() => options.onExpand(name)}>
          ${words.say(all ? 'showFewerValues' : 'showMoreValues', { facet })}
        </button>`
      : nothing}
  </fieldset>`;
}

function seek({ words }: Context, name: FacetName, facet: string, { sought, onSeek }: FilterOptions): TemplateResult {
  return html`<input
    type="text"
    class="seek"
    autocomplete="off"
    aria-label=${words.say('seekValue', { facet })}
    placeholder=${words.say('seekValue', { facet })}
    .value=${live(sought[name] ?? '')}
    @input=${(event: Event) => onSeek(name, (event.target as HTMLInputElement).value)}
  />`;
}

function box(context: Context, filter: Filter, { value, label, count }: FacetValue): TemplateResult {
  const on = context.query.filters[filter].includes(value);
  return html`<label class="check">
    <input type="checkbox" .checked=${live(on)} @change=${() => context.go(toggled(context.query, filter, value))} />
    <span class="check-label">${bdi(label)}</span>
    <span class="count">${context.words.number(count)}</span>
  </label>`;
}
