/** One hit of the list. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Item, Name } from '../api/types';
import type { Context } from '../context';
import { openness, sameTime, wallClock } from '../hours/open';
import { parseHours } from '../hours/parse';
import { bdi, rich, type Value } from '../i18n/rich';
import { hasTariff } from '../pay';
import type { Words } from '../i18n/words';
import { directionsTo } from './directions';
import { area } from './coverage';
import { pay } from './verdict';
import { displayedDay, suspendedOf } from './suspended';
import { trustLine } from './trust';

const SPECIALTIES = 2;

export interface CardOptions {
  readonly item: Item;
  /** Its name as far as it fits. */
  readonly name: string;
  /** Its number on the map, where one is shown. */
  readonly number: number | null;
  readonly active: boolean;
  readonly now: number;
  readonly onPoint: (id: string | null) => void;
}

export function card(context: Context, { item, name, number, active, now, onPoint }: CardOptions): TemplateResult {
  const { words } = context;
  const [local] = otherNames(item);
  const href = context.link({ ...context.query, open: item.id });
  const open = (event: MouseEvent) => {
    // A new tab or window is the browser's to open.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    context.open(item.id);
  };
  return html`<article
    class="card ${active ? 'active' : ''}"
    part="card"
    @mouseenter=${() => onPoint(item.id)}
    @mouseleave=${() => onPoint(null)}
    @focusin=${() => onPoint(item.id)}
  >
    <header>
      ${number === null ? nothing : html`<span class="number" aria-hidden="true">${words.number(number)}</span>`}
      <h3 class="name" part="card-name"><a href=${href} data-id=${item.id} title=${item.name} @click=${open}
        >${name === item.name ? bdi(name) : html`<span aria-hidden="true">${bdi(name)}</span><span class="hidden">${bdi(item.name)}</span>`}</a></h3>
      ${distance(item, words)}
    </header>
    ${local ? html`<p class="local">${bdi(local.text, local.lang)}</p>` : nothing}
    <div class="about"><p class="what">${what(item, words)}</p>${addressLine(context, item)}</div>
    ${area(item)}
    ${item.status === 'suspended'
      ? html`<p class="caution">${words.say('suspended')}</p>`
      : pay(context, item)}
    ${short(item, words)}
    ${item.phones.map((phone) => html`<p class="print-only"><bdi dir="ltr">${phone}</bdi></p>`)}
    <footer>
      <p class="facts">${facts(item, words, now)}</p>
      ${actions(item, words)}
    </footer>
  </article>`;
}

/** That the card is not taken for a while, or was refused lately. */
function short(item: Item, words: Words): TemplateResult | typeof nothing {
  const suspended = suspendedOf(item);
  const [first] = suspended.length === item.agreements.length ? suspended : [];
  const said = [...(first ? [displayedDay(first, words)] : []), ...(item.caution ? [item.caution.sentence] : [])];
  return said.length ? html`<p class="caution">${said.join(' ')}</p>` : nothing;
}

/** The name on its own signs, as far as its names tell: one in another script, else in a language spoken there. */
export function localName(item: Item): Name | undefined {
  const rank = ({ script, lang }: Name) =>
    (script === 'Latn' ? 0 : 2) + (lang && lang !== 'en' && item.languages.includes(lang) ? 1 : 0);
  return [...item.names].sort((one, other) => rank(other) - rank(one))[0];
}

/** Names beside the one shown, those in another script first. */
export function otherNames(item: Item): readonly Name[] {
  const shown = item.names.find(({ text }) => text === item.name);
  const others = item.names.filter(({ text }) => text !== item.name);
  return others.sort((one, other) => Number(one.script === shown?.script) - Number(other.script === shown?.script));
}

export function what(item: Item, words: Words): string {
  const shown = item.specialty_labels.slice(0, SPECIALTIES);
  const rest = item.specialty_labels.length - shown.length;
  const specialties = [...shown, ...(rest > 0 ? [words.many('andMore', rest)] : [])].join(words.comma);
  return [item.type_label, specialties].filter(Boolean).join(' · ');
}

export function addressOf(item: Item, country: string | null = item.country_label): readonly string[] {
  // An address may end in the city already, as it was written and not as the reader calls it.
  const city = item.city && item.address?.endsWith(item.city) ? null : item.city_label;
  const lines = [item.address, [item.postal_code, city].filter(Boolean).join(' '), country];
  const said = lines.filter((line): line is string => Boolean(line));
  // Many addresses end in their city already.
  return said.filter((line, place) => place === 0 || !said[0]?.endsWith(line));
}

/** Street and city; the country too where the hits may lie in several. */
function addressLine({ words, results }: Context, item: Item): TemplateResult {
  const abroad = !results?.where && results?.query.filters.country.length !== 1;
  const lines = addressOf(item, abroad ? item.country_label : null);
  return html`<p class="address">${lines.map((line, place) => [place ? words.comma : '', bdi(line)])}</p>`;
}

/** How far, or that no more than the city is known; null where nothing was asked about a distance. */
export function distanceText({ location, distance_km: km, city_label: city }: Item, words: Words): string | readonly Value[] | null {
  if (location?.precision === 'exact') return km === null ? null : words.distance(km);
  return city ? rich(words.sentence('somewhereIn'), { city: bdi(city) }) : words.say('somewhereInArea');
}

function distance(item: Item, words: Words): TemplateResult | typeof nothing {
  const text = distanceText(item, words);
  const vague = item.location?.precision === 'exact' ? '' : 'vague';
  return text === null ? nothing : html`<span class="distance ${vague}">${text}</span>`;
}

function facts(item: Item, words: Words, now: number): TemplateResult {
  const open = openText(item, words, now);
  const tariff = item.status === 'active' && hasTariff(item.agreements);
  return html`${open ? html`<span class=${open.is ? 'open' : 'shut'}>${open.text}</span> · ` : nothing}${tariff
    ? html`<span class="tariff">${words.say('tariff')}</span> · `
    : nothing}${trustLine(item)}`;
}

/** Whether it is open, in words; null where its hours or its zone are not known. */
export function openText(item: Item, words: Words, now: number): { is: boolean; text: string } | null {
  const week = item.hours && item.time_zone ? parseHours(item.hours) : null;
  const clock = item.time_zone ? wallClock(now, item.time_zone) : null;
  if (!week || !clock || !item.time_zone) return null;
  const state = openness(week, clock);
  if (state.kind === 'always') return { is: true, text: words.say('openAlways') };
  if (state.kind === 'open') return { is: true, text: words.say('openUntil', { time: words.time(state.until) }) };
  if (!state.opens) return { is: false, text: words.say('closedNow') };
  const { inDays, day, at } = state.opens;
  const time = words.time(at);
  if (inDays === 0) return { is: false, text: words.say('opensAt', { time }) };
  if (inDays === 1) return { is: false, text: words.say('opensTomorrow', { time }) };
  return { is: false, text: words.say('opensOn', { time, day: words.weekday(day) }) };
}

/** The time at the place, where it is another than the reader's. */
export function timeThere(item: Item, words: Words, now: number): string | null {
  if (!item.time_zone || !wallClock(now, item.time_zone) || sameTime(now, item.time_zone)) return null;
  return words.say('hoursOfPlace', { time: words.clock(now, item.time_zone) });
}

function actions(item: Item, words: Words): TemplateResult {
  const [phone] = item.phones;
  const directions = directionsTo(item);
  return html`<div class="actions">
    ${phone
      ? html`<a class="button" href="tel:${phone}" aria-label=${words.say('callName', { name: item.name })}>${words.say('call')}</a>`
      : nothing}
    ${directions
      ? html`<a
          class="button go"
          title=${words.say('directions')}
          href=${directions}
          target="_blank"
          rel="noopener noreferrer"
          aria-label="${words.say('directionsTo', { name: item.name })} (${words.say('newTab')})"
          ><span class="way">${words.say('directions')}</span></a
        >`
      : nothing}
  </div>`;
}
