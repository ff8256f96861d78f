/** One hit of the list. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Item, Name } from '../api/types';
import type { Context } from '../context';
import { openness, sameTime, wallClock } from '../hours/open';
import { parseHours } from '../hours/parse';
import { bdi, rich } from '../i18n/rich';
import type { Words } from '../i18n/words';
import { directionsTo } from './directions';
import { payment } from './payment';

const SPECIALTIES = 2;

export interface CardOptions {
  readonly item: Item;
  /** Its number on the map, where one is shown. */
  readonly number: number | null;
  readonly active: boolean;
  readonly now: number;
  readonly onPoint: (id: string | null) => void;
}

export function card(context: Context, { item, number, active, now, onPoint }: CardOptions): TemplateResult {
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
      <h3 class="name" part="card-name"><a href=${href} data-id=${item.id} title=${item.name} @click=${open}>${bdi(item.name)}</a></h3>
      ${distance(item, words)}
    </header>
    ${local ? html`<p class="local">${bdi(local.text, local.lang)}</p>` : nothing}
    <p class="what">${what(item, words)}</p>
    ${addressLine(item)}
    ${item.status === 'suspended'
      ? html`<p class="caution">${words.say('suspended')}</p>`
      : payment(context, item.agreements)}
    <footer>
      <p class="facts">${facts(item, words, now)}</p>
      ${actions(item, words)}
    </footer>
  </article>`;
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
  const specialties = [...shown, ...(rest > 0 ? [words.many('andMore', rest)] : [])].join(words.language === 'ar' ? '، ' : ', ');
  return [item.type_label, specialties].filter(Boolean).join(' · ');
}

export function addressOf(item: Item): readonly string[] {
  const lines = [item.address, [item.postal_code, item.city].filter(Boolean).join(' '), item.country_label];
  const said = lines.filter((line): line is string => Boolean(line));
  // Many addresses end in their city already.
  return said.filter((line, place) => place === 0 || !said[0]?.endsWith(line));
}

function addressLine(item: Item): TemplateResult {
  return html`<p class="address">${addressOf(item).map((line, place) => html`${place ? ', ' : ''}${bdi(line)}`)}</p>`;
}

function distance(item: Item, words: Words): TemplateResult | typeof nothing {
  const { location, distance_km: km, city } = item;
  if (location?.precision === 'place' || !location) {
    const text = city ? rich(words.sentence('somewhereIn'), { city: bdi(city) }) : words.say('somewhereInArea');
    return html`<span class="distance vague">${text}</span>`;
  }
  return km === null ? nothing : html`<span class="distance">${words.distance(km)}</span>`;
}

function facts(item: Item, words: Words, now: number): TemplateResult {
  const open = openText(item, words, now);
  const confirmed = item.verified_on
    ? words.say('confirmed', { date: words.day(item.verified_on) })
    : words.say('notConfirmed');
  return html`${open ? html`<span class=${open.is ? 'open' : 'shut'}>${open.text}</span> · ` : nothing}${confirmed}`;
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
          class="button"
          href=${directions}
          target="_blank"
          rel="noopener noreferrer"
          aria-label="${words.say('directionsTo', { name: item.name })} (${words.say('newTab')})"
          >${words.say('directions')}</a
        >`
      : nothing}
  </div>`;
}
