/** "They refused my card", and where else while it is not taken: whom to call, what to show, the nearest that take it. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { Latest } from '../api/latest';
import type { Item, Line, Now } from '../api/types';
import type { Context } from '../context';
import { define } from '../define';
import { bdi } from '../i18n/rich';
import { displayedDay, suspendedOf } from './suspended';

export class Help extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) item!: Item;
  @state() private now: Now | null = null;
  @state() private line: Line | null = null;
  @state() private failed = false;
  @state() private wanted = false;
  readonly #questions = new Latest();
  readonly #lines = new Latest();
  #asked = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#questions.cancel();
    this.#lines.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('item') || this.#asked === this.item.id) return;
    this.#asked = this.item.id;
    this.now = null;
    this.failed = this.wanted = false;
    void this.#loadLine();
    if (this.#isShort) void this.#load();
  }

  /** Where the card is not taken for a while, or others were refused, the others nearby stand there at once. */
  get #isShort(): boolean {
    return this.item.status === 'suspended' || Boolean(this.item.caution) || suspendedOf(this.item).length > 0;
  }

  async #load(): Promise<void> {
    const { client } = this.context;
    try {
      this.now = (await this.#questions.run((signal) => client.now(this.item.id, signal))) ?? this.now;
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  async #loadLine(): Promise<void> {
    const { client } = this.context;
    try {
      this.line = (await this.#lines.run((signal) => client.firstLine(this.item.country, signal))) ?? null;
    } catch {
      this.line = null;
    }
  }

  protected override render(): TemplateResult {
    const { words } = this.context;
    const { caution } = this.item;
    return html`${caution ? html`<p class="caution">${caution.sentence}</p>` : nothing}
      ${suspendedOf(this.item).map((each) => html`<p class="caution">
        ${displayedDay(each, words)} ${each.instead ?? ''}
      </p>`)}
      ${this.#isShort && this.now ? this.#others(this.now) : nothing}
      <details class="refused" @toggle=${this.#toggled}>
        <summary>${words.say('refusedMyCard')}</summary>
        ${this.now ? this.#steps(this.now) : !this.wanted ? nothing : html`<p role="status">${words.say(this.failed ? 'down' : 'loading')}</p>`}
      </details>
      ${this.line ? html`<p class="help-line">${words.say('needHelp')} ${call(this.line)} · <a href=${this.#page('/contact', { country: this.item.country })} target="_blank" rel="noopener">${words.say('contactUs')}</a></p>` : nothing}`;
  }

  #steps(now: Now): TemplateResult {
    const { words } = this.context;
    const wish = { tab: 'call', urgent: 'yes', topic: 'card_refused', country: this.item.country, listing: this.item.id };
    return html`${now.call
        ? html`<h4>${words.say('refusedCall')}</h4>
            <p>${call(now.call, true)}</p>
            <p><a class="button" href=${this.#page('/contact', wish)} target="_blank" rel="noopener">${words.say('callMe')}</a></p>`
        : nothing}
      <h4>${words.say('refusedSheet')}</h4>
      <div class="desk-card" lang=${now.sheet.lang} dir=${now.sheet.dir}>
        <p class="desk-name">${now.sheet.title}</p>
        ${now.sheet.lines.map((line) => html`<p>${line}</p>`)}
      </div>
      ${this.#isShort ? nothing : this.#others(now)}
      ${now.letter ? html`<p>${now.letter}</p>` : nothing}
      <p>${now.keep_receipt} ${now.claim}</p>
      <p><a class="button" href=${this.#page(`/search/${this.item.id}/refused`)} target="_blank" rel="noopener">${words.say('refusedTell')}</a></p>`;
  }

  #others({ nearest }: Now): TemplateResult | typeof nothing {
    const { words } = this.context;
    if (!nearest.length) return nothing;
    return html`<h4>${words.say('takesCardNearby')}</h4>
      <ul class="others">
        ${nearest.map((other) => html`<li>
          <button type="button" class="link" @click=${() => this.context.open(other.id)}>${bdi(other.name)}</button>
          ${other.distance_km === null ? nothing : html`<span class="distance">${words.distance(other.distance_km)}</span>`}
        </li>`)}
      </ul>`;
  }

  #page(path: string, params: Readonly<Record<string, string>> = {}): string {
    return this.context.client.ownPage(path, params);
  }

  #toggled = (event: Event): void => {
    this.wanted = (event.target as HTMLDetailsElement).open;
    if (this.wanted && !this.now) void this.#load();
  };
}

function call(line: Line, big = false): TemplateResult {
  return html`<a class=${big ? 'button primary' : 'call'} href="tel:${line.number}"><bdi dir="ltr">${line.number_shown}</bdi></a>`;
}

define('provider-search-help', Help);
