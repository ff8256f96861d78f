/** One provider: everything known of it, and what a member does with it. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Client } from '../api/client';
import { Refused } from '../api/errors';
import { Latest } from '../api/latest';
import { persist } from '../api/retry';
import type { Item } from '../api/types';
import type { Context } from '../context';
import { define } from '../define';
import { wallClock } from '../hours/open';
import { parseHours, type Week } from '../hours/parse';
import { bdi } from '../i18n/rich';
import { mineParams } from '../mine';
import { displayName } from '../i18n/words';
import { addressOf, distanceText, localName, openText, otherNames, timeThere, what } from './card';
import { directionsTo } from './directions';
import { areaLong } from './coverage';
import './help';
import { pay } from './verdict';
import './report';
import { shareLink } from './share';
import { trustLine } from './trust';
import './visit';

export class Details extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property() listing = '';
  /** What the list knows of it already. */
  @property({ attribute: false }) known: Item | null = null;
  @state() private fresh: Item | null = null;
  @state() private gone: Refused | null = null;
  @state() private failed = false;
  @state() private large = false;
  readonly #questions = new Latest();
  /** What was asked for last: another listing, or the same in another language, is asked for anew. */
  #asked: { readonly listing: string; readonly client: Client } | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#questions.cancel();
  }

  protected override willUpdate(): void {
    const { client } = this.context;
    if (this.#asked?.listing === this.listing && this.#asked.client === client) return;
    if (this.#asked?.listing !== this.listing) this.fresh = null;
    this.#asked = { listing: this.listing, client };
    this.gone = null;
    this.failed = this.large = false;
    void this.#load();
  }

  protected override updated(changed: PropertyValues): void {
    const dialog = this.#dialog;
    if (changed.has('listing') && dialog && !dialog.open) dialog.showModal();
    if (changed.has('large') || changed.has('listing')) dialog?.scrollTo(0, 0);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector('dialog');
  }

  async #load(): Promise<void> {
    const { client } = this.context;
    try {
      const item = await this.#questions.run((signal) =>
        persist((s) => client.listing(this.listing, mineParams(this.context.query.mine), s), signal, { onWait: () => (this.failed = true) }),
      );
      if (!item) return;
      this.fresh = item;
      this.failed = false;
    } catch (error) {
      if (error instanceof Refused) this.gone = error;
    }
  }

  protected override render(): TemplateResult {
    const { words } = this.context;
    const item = this.fresh ?? this.known;
    return html`<dialog class="sheet details" part="details" aria-labelledby="ps-details-name" @cancel=${this.#cancel} @close=${this.#closed} @click=${this.#backdrop}>
      <div class="sheet-bar">
        ${this.large
          ? html`<button type="button" @click=${() => (this.large = false)}>${words.say('done')}</button>`
          : html`<button type="button" class="close" @click=${this.#close}>${words.say('close')}</button>`}
      </div>
      ${this.gone ? this.#farewell(this.gone) : item ? (this.large ? this.#desk(item) : this.#body(item)) : this.#waiting()}
    </dialog>`;
  }

  #waiting(): TemplateResult {
    const { words } = this.context;
    return html`<p id="ps-details-name" role="status">${words.say(this.failed ? 'down' : 'loading')}</p>`;
  }

  #farewell({ problem }: Refused): TemplateResult {
    const { words } = this.context;
    const next = problem.replaced_by;
    const said = next ? 'goneReplaced' : [404, 410].includes(problem.status) ? 'gone' : 'refused';
    return html`<p id="ps-details-name" role="alert">${words.say(said)}</p>
      ${next
        ? html`<button type="button" @click=${() => this.context.open(next)}>${words.say('seeReplacement')}</button>`
        : nothing}`;
  }

  #body(item: Item): TemplateResult {
    const { words } = this.context;
    const directions = directionsTo(item);
    const [phone] = item.phones;
    const distance = this.known && distanceText(this.known, words);
    return html`
      <h2 id="ps-details-name">${bdi(item.name)}</h2>
      ${otherNames(item).map(({ text, lang }) => html`<p class="local">${bdi(text, lang)}</p>`)}
      <p class="what">${what(item, words)}${distance ? html` · ${distance}` : nothing}</p>
      ${this.failed ? html`<p class="banner">${words.say('down')}</p>` : nothing}
      <h3>${words.say('facet_settlement')}</h3>
      ${item.status === 'suspended'
        ? html`<p class="caution">${words.say('suspendedLong')}</p>`
        : pay(this.context, item, true)}
      ${areaLong(item)}
      <provider-search-help .context=${this.context} .item=${item}></provider-search-help>
      <div class="actions">
        ${phone ? html`<a class="button" href="tel:${phone}">${words.say('call')}</a>` : nothing}
        ${directions
          ? html`<a class="button" href=${directions} target="_blank" rel="noopener noreferrer">${words.say('directions')}</a>`
          : nothing}
        <button type="button" class="desk" @click=${() => (this.large = true)}>${words.say('showAtDesk')}</button>
        <button type="button" @click=${() => void this.#share(item)}>${words.say('shareThis')}</button>
      </div>
      <h3>${words.say('contact')}</h3>
      <dl class="facts-list">${this.#contacts(item)}</dl>
      <h3>${words.say('hours')}</h3>
      ${this.#hours(item)}
      <p class="confirmed">${trustLine(item)}</p>
      <provider-search-visit .context=${this.context} .listing=${item.id} @tell=${() => void this.#tell()}></provider-search-visit>
      <details class="tells">
        <summary>${words.say('report')}</summary>
        <provider-search-report .context=${this.context} .listing=${item.id}></provider-search-report>
      </details>
    `;
  }

  #contacts(item: Item): readonly TemplateResult[] {
    const { words } = this.context;
    const rows: [string, readonly TemplateResult[]][] = [
      [words.say('address'), addressOf(item).map((line) => html`<div>${bdi(line)}</div>`)],
      [words.say('phone'), item.phones.map((phone) => html`<div><a href="tel:${phone}"><bdi dir="ltr">${phone.replace(';', ' ')}</bdi></a></div>`)],
      [words.say('email'), item.email ? [html`<a href="mailto:${item.email}"><bdi dir="ltr">${item.email}</bdi></a>`] : []],
      [words.say('website'), webAddress(item.website).map((url) => html`<a href=${url} target="_blank" rel="noopener noreferrer"><bdi dir="ltr">${url}</bdi></a>`)],
      [words.say('languages'), item.languages.length ? [html`${words.list(item.languages.map((code) => words.languageName(code)))}`] : []],
      [words.say('specialties'), item.specialty_labels.length ? [html`${words.list(item.specialty_labels)}`] : []],
    ];
    return rows.filter(([, values]) => values.length).map(([name, values]) => html`<div><dt>${name}</dt><dd>${values}</dd></div>`);
  }

  #hours(item: Item): TemplateResult {
    const { words } = this.context;
    if (!item.hours) return html`<p>${words.say('hoursUnknown')}</p>`;
    const week = parseHours(item.hours);
    if (!week) return html`<p>${words.say('hoursAsGiven', { hours: item.hours })}</p>`;
    const now = Date.now();
    const open = openText(item, words, now);
    const there = timeThere(item, words, now);
    const today = item.time_zone ? (wallClock(now, item.time_zone)?.day ?? null) : null;
    return html`${open ? html`<p class=${open.is ? 'open' : 'shut'}>${open.text}</p>` : nothing}
      ${there ? html`<p>${there}</p>` : nothing}
      ${week.always ? nothing : html`<table class="hours"><tbody>${this.#days(week, today)}</tbody></table>`}
      ${week.closedOnHolidays ? html`<p>${words.say('hoursHolidays')}</p>` : nothing}`;
  }

  #days({ days }: Week, today: number | null): readonly TemplateResult[] {
    const { words } = this.context;
    return days.map((spans, day) => {
      const times = spans.map(({ from, to }) => `${words.time(from)}–${words.time(to)}`);
      return html`<tr aria-current=${day === today ? 'date' : nothing}>
        <th scope="row">${words.weekday(day)}</th>
        <td>${times.length ? html`<bdi>${times.join(' · ')}</bdi>` : words.say('hoursClosed')}</td>
      </tr>`;
    });
  }

  /** Name and address as they are written there, large, for a driver or a desk. */
  #desk(item: Item): TemplateResult {
    const local = localName(item);
    const there = local?.lang ?? item.languages[0];
    const country = there ? displayName('region', item.country, there) : null;
    const lines = [...addressOf({ ...item, city_label: item.city }), ...(country && country !== item.country_label ? [country] : [])];
    return html`<div class="desk-card">
      <p class="desk-name" id="ps-details-name">${bdi(local?.text ?? item.name, local?.lang)}</p>
      ${local && local.text !== item.name ? html`<p>${bdi(item.name)}</p>` : nothing}
      <p class="desk-address">${lines.map((line) => html`${bdi(line)}<br />`)}</p>
      ${item.phones.slice(0, 1).map((phone) => html`<p><bdi dir="ltr">${phone}</bdi></p>`)}
    </div>
    <p><a class="button" href=${this.context.client.deskPage(item.id)} target="_blank" rel="noopener noreferrer"
      >${this.context.words.say('deskPage')}</a></p>`;
  }

  /** A refusal is told in the form of reports, whose kind is known then. */
  #tell = async (): Promise<void> => {
    const form = this.querySelector<HTMLDetailsElement>('.tells');
    if (!form) return;
    form.open = true;
    await this.updateComplete;
    const kind = form.querySelector<HTMLInputElement>('input[value=card_refused]');
    kind?.click();
    kind?.focus();
  };

  async #share(item: Item): Promise<void> {
    await shareLink(this.context, this.context.link({ ...this.context.query, open: item.id }), item.name);
  }

  #cancel = (event: Event): void => {
    event.preventDefault();
    if (this.large) this.large = false;
    else this.#close();
  };

  #backdrop = (event: MouseEvent): void => {
    if (event.target instanceof HTMLDialogElement) this.#close();
  };

  /** The dialog itself is closed first: it gives the focus back to where it was. */
  #close = (): void => this.#dialog?.close();

  #closed = (): void => {
    this.dispatchEvent(new CustomEvent('closed'));
  };
}

/** Only what a browser may open: other schemes in a listing are text at most. */
function webAddress(text: string | null): readonly string[] {
  return text && /^https?:\/\//i.test(text) ? [text] : [];
}

define('provider-search-details', Details);
