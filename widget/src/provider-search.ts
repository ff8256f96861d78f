/** The element `provider-search`: attributes and events outside, one search inside. */
import { adoptStyles, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Address } from './address';
import { Client } from './api/client';
import type { Refused, Unavailable } from './api/errors';
import type { FacetName } from './api/types';
import { checkBrand } from './brand';
import type { Context, Layout } from './context';
import { define } from './define';
import type { Language } from './i18n/messages';
import { CATALOGUES, languageOf, Words } from './i18n/words';
import { card } from './parts/card';
import { chips, filtersOn } from './parts/chips';
import './parts/form';
import { countSaid, head, tools } from './parts/head';
import { shortNames } from './parts/names';
import { outside } from './parts/coverage';
import { pending } from './parts/pending';
import { planLine } from './parts/plan-line';
import { reading } from './parts/reading';
import { relaxations, remarks, trouble } from './parts/status';
import { PIECES } from './pieces';
import { readMine, type Mine } from './mine';
import { asked, EMPTY, forSharing, insured, sameQuestion, toFilters, toPage, type Query } from './query';
import { Session, type Results, type SessionOwner } from './session';
import { styles } from './styles';

/** How long nothing is said in another language than the reader's. */
const PATIENCE_MS = 6_000;

export class ProviderSearch extends LitElement implements SessionOwner {
  static override styles = styles;

  @property() override lang = '';
  @property() country = '';
  @property() place = '';
  @property() network = '';
  /** The member's plan and their country of duty, where the portal knows them. */
  @property() plan = '';
  @property() duty = '';
  @property() key = '';
  @property({ attribute: 'api-base' }) apiBase = '';
  @property() theme = 'auto';
  @property() tiles = '';
  @property({ attribute: 'tiles-attribution' }) tilesAttribution = '';
  @state() private layout: Layout = 'phone';
  /** Letters that a name has on a card. */
  @state() private nameLength = 60;
  /** So large that no line holds more than a few words. */
  @state() private large = false;
  @state() private active: string | null = null;
  @state() private filtersOpen = false;
  @state() private planOpen = false;
  @state() private expanded: ReadonlySet<FacetName> = new Set();
  @state() private sought: Readonly<Partial<Record<FacetName, string>>> = {};
  @state() private said = '';
  #session: Session | null = null;
  #address: Address | null = null;
  #words = new Words('en');
  #language: Language = 'en';
  /** Waiting for the reader's language, rather than speaking English meanwhile. */
  #patient = true;
  #dressed = false;
  /** The member has asked something else, and is to see what was found. */
  #moves = false;
  /** The step before this one is the list that the open listing was opened from. */
  #pushed = false;
  #opened: string | null = null;
  readonly #size = new ResizeObserver(() => this.#measure());
  readonly #dark = window.matchMedia('(prefers-color-scheme: dark)');
  #clock: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#measure();
    this.#size.observe(this);
    this.#address = new Address(this.id);
    this.#words = this.#readWords();
    const query = this.#read() ?? this.#initial();
    this.#session = new Session(this, this.#newClient(), query);
    this.#session.hiddenFacets = this.network ? ['network'] : [];
    window.addEventListener('popstate', this.#moved);
    window.addEventListener('hashchange', this.#moved);
    window.addEventListener('online', this.#online);
    this.#dark.addEventListener('change', this.#looked);
    this.#clock = setInterval(this.#tick, 1000);
    setTimeout(() => {
      this.#patient = false;
      this.requestUpdate();
    }, PATIENCE_MS);
    this.#ask(query);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
    this.#session?.stop();
    clearInterval(this.#clock);
    window.removeEventListener('popstate', this.#moved);
    window.removeEventListener('hashchange', this.#moved);
    window.removeEventListener('online', this.#online);
    this.#dark.removeEventListener('change', this.#looked);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const session = this.#session;
    if (!session || !this.hasUpdated) return;
    if (['lang', 'network', 'key', 'apiBase'].some((name) => changed.has(name))) {
      this.#words = this.#readWords();
      session.client = this.#newClient();
      session.hiddenFacets = this.network ? ['network'] : [];
      session.forgetLabels();
      void session.ask();
    }
    if (['plan', 'duty'].some((name) => changed.has(name))) this.corrected(asked(insured(session.query, this.#given()), {}));
    if (changed.has('country') || changed.has('place')) this.corrected(this.#initial());
  }

  protected override updated(): void {
    const root = this.renderRoot as ShadowRoot;
    const frame = root.querySelector<HTMLElement>('.root');
    if (frame) checkBrand(this, frame);
    const dialog = root.querySelector<HTMLDialogElement>('dialog.filter-sheet');
    if (dialog && !dialog.open) dialog.showModal();
    const open = this.#session?.query.open ?? null;
    // Where the back button closed a listing, its card has the focus again.
    if (this.#opened && !open && !root.activeElement) this.#focusCard(this.#opened);
    this.#opened = open;
    // For the page around it, whose heading and welcome have done their work then.
    const { query } = this.#session ?? {};
    this.toggleAttribute('asked', query !== undefined && !sameQuestion(query, this.#initial()));
    if (this.#session?.results || open || this.filtersOpen) this.#fetchRest();
  }

  /** What comes after the first card: wanted soon by every reader, and by some once the link is gone. */
  #fetchRest(): void {
    const rest = PIECES.rest.want(this.#looked);
    if (!rest) return;
    if (!this.#dressed) adoptStyles(this.renderRoot as ShadowRoot, [styles, rest.restStyles]);
    this.#dressed = true;
    PIECES.details.want(this.#looked);
  }

  changed(): void {
    this.requestUpdate();
  }

  arrived(results: Results, from: number): void {
    if (!from) this.#toTop();
    this.#sayCount(results);
    this.requestUpdate();
    if (from) {
      this.#address?.replace(results.query);
      void this.updateComplete.then(() => this.#focusCard(results.items[from]?.id ?? ''));
    }
  }

  #sayCount(results: Results): void {
    if (this.#session) this.said = countSaid(this.#words, this.#session, results);
  }

  /** After a search on a phone the list begins where the window does. */
  #toTop(): void {
    if (!this.#moves) return;
    this.#moves = false;
    void this.updateComplete.then(() => this.scrollIntoView());
  }

  failed(error: Refused | Unavailable): boolean {
    const { name, message } = error;
    return !this.#tell('error', { kind: name === 'Refused' ? 'refused' : 'unavailable', message });
  }

  #focusCard(id: string): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus();
  }

  corrected(query: Query): void {
    this.#address?.replace(query);
    this.#ask(query);
  }

  protected override render(): TemplateResult | typeof nothing {
    const context = this.#context();
    if (!context) return nothing;
    const { words, query } = context;
    // The page's own words stand there until the reader's language has come; English, where it does not come.
    if (this.#patient && !CATALOGUES[this.#language] && !PIECES[this.#language as 'fr'].failed) return html`<slot></slot>`;
    const narrow = this.layout !== 'desk';
    const list = !narrow || query.view === 'list';
    return html`<div class="root" part="root" lang=${words.language} dir=${words.direction} data-layout=${this.layout} ?data-large=${this.large}>
      <provider-search-form .context=${context} .query=${query} .foldable=${this.layout === 'phone' && !sameQuestion(query, this.#initial())}></provider-search-form>
      ${planLine(context, { open: this.planOpen, toggle: this.#togglePlan, looked: this.#looked })}
      <p class="hidden" role="status">${this.said}</p>
      <div class="columns">
        ${this.#results(context, list)}
        ${narrow ? nothing : html`<aside aria-label=${words.say('filters')} id="ps-filters">${this.#filters(context)} ${context.results?.items.length ? html`<button type="button" class="skip" @click=${this.#toResults}>${words.say('results')}</button>` : nothing}</aside>`}
        ${this.#mapShown() ? this.#map(context) : nothing}
      </div>
      ${context.results?.notice ? html`<p class="notice">${context.results.notice}</p>` : nothing}
      ${narrow ? this.#bar(context) : nothing} ${narrow && this.filtersOpen ? this.#sheet(context) : nothing}
      ${query.open ? this.#details(context, query.open) : nothing}
    </div>`;
  }

  #details(context: Context, open: string): TemplateResult {
    if (!PIECES.rest.here || !PIECES.details.here) {
      return html`<div class="toast">${pending(context.words, [PIECES.rest, PIECES.details], this.#close)}</div>`;
    }
    return html`<provider-search-details
      .context=${context}
      .listing=${open}
      .known=${context.results?.items.find(({ id }) => id === open) ?? null}
      @closed=${this.#close}
    ></provider-search-details>`;
  }

  /** What there is to say of the answer; and the list of it, unless the map takes its place. */
  #results(context: Context, list: boolean): TemplateResult {
    const { words, session, results } = context;
    const late = session.busy === 'shown' || session.busy === 'slow';
    const now = Date.now();
    return html`<section class="results" part="results" aria-label=${words.say('results')} aria-busy=${late ? 'true' : 'false'}>
      ${session.trouble && !session.trouble.told ? trouble(context, session.trouble, now) : nothing}
      ${session.busy === 'slow' ? html`<p class="banner" role="status">${words.say('slow')}</p>` : nothing}
      ${list && !results && late ? html`<p class="hidden">${words.say('loading')}</p>${[1, 2, 3].map(() => html`<div class="skeleton"></div>`)}` : nothing}
      ${results
        ? [
            head(context, results, list && results.total > 0, this.#toFilters),
            chips(context, session.hiddenFacets),
            reading(context, results),
            outside(context, results.answer.outside_area),
            remarks(context, results, list),
            list ? this.#list(context, results, late, now) : nothing,
            PIECES.rest.here?.nearest(context, results, now) ?? nothing,
            PIECES.rest.here?.telehealth(context, results) ?? nothing,
            relaxations(context, results, session.hiddenFacets),
            tools(context, list && results.total > 0, () => void this.#print()),
          ]
        : nothing}
    </section>`;
  }

  #list(context: Context, results: Results, late: boolean, now: number): TemplateResult {
    const { words, session } = context;
    const names = shortNames(results.items.map(({ name }) => name), this.nameLength);
    return html`<ol class="hits ${late ? 'stale' : ''}">
        ${repeat(
          results.items,
          ({ id }) => id,
          (item, place) => html`<li>
            ${card(context, {
              item,
              name: names.get(item.name) ?? item.name,
              number: this.#mapShown() && item.location?.precision === 'exact' ? place + 1 : null,
              active: this.active === item.id,
              now,
              onPoint: (id) => (this.active = id),
            })}
          </li>`,
        )}
      </ol>
      ${results.next
        ? html`<button type="button" class="more" ?disabled=${session.loadingMore} @click=${() => void session.more()}>
            ${session.loadingMore ? words.say('loadingMore') : words.many('more', results.answer.total.relation === 'gte' ? 20 : Math.min(20, results.total - results.items.length))}
          </button>`
        : nothing}
      <p class="print-only">${words.say('printed', { date: words.moment(now) })}</p>`;
  }

  /** The filters stand beside the list and come after it: who walks by keyboard gets there at once. */
  #toFilters = (): void => this.renderRoot.querySelector<HTMLElement>('aside :is(input, button)')?.focus();

  /** And from behind the filters back to what they left. */
  #toResults = (): void => this.renderRoot.querySelector<HTMLElement>('.card a')?.focus();

  /** Paper has its own look, which may be on its way. */
  #print = async (): Promise<void> => {
    await PIECES.rest.load().catch(() => undefined);
    await this.updateComplete;
    window.print();
  };

  #filters(context: Context): TemplateResult {
    const onExpand = (facet: FacetName) => {
      const next = new Set(this.expanded);
      if (!next.delete(facet)) next.add(facet);
      this.expanded = next;
    };
    const rest = PIECES.rest.here;
    if (!rest) return pending(context.words, [PIECES.rest]);
    return rest.filters(context, {
      hidden: context.session.hiddenFacets,
      expanded: this.expanded,
      onExpand,
      sought: this.sought,
      onSeek: (facet, text) => (this.sought = { ...this.sought, [facet]: text }),
    });
  }

  #sheet(context: Context): TemplateResult {
    const { words, results } = context;
    const close = () => this.renderRoot.querySelector<HTMLDialogElement>('dialog.filter-sheet')?.close();
    return html`<dialog class="sheet filter-sheet" aria-label=${words.say('filters')} @close=${() => (this.filtersOpen = false)}>
      <div class="sheet-bar"><h2>${words.say('filters')}</h2><button type="button" @click=${close}>${words.say('close')}</button></div>
      ${chips(context, context.session.hiddenFacets)} ${this.#filters(context)}
      <div class="sheet-foot"><button type="button" class="primary" @click=${close}>${words.many('showFound', results?.total ?? 0)}</button></div>
    </dialog>`;
  }

  #bar(context: Context): TemplateResult {
    const { words, query } = context;
    const view = (name: Query['view']) => html`<button
      type="button"
      aria-pressed=${query.view === name ? 'true' : 'false'}
      @click=${() => this.#show(name)}
    >
      ${words.say(name)}
    </button>`;
    const on = filtersOn(context);
    return html`<div class="bar" role="group" aria-label=${words.say('viewAs')}>
      ${view('list')} ${view('map')}
      <button type="button" aria-haspopup="dialog" @click=${() => (this.filtersOpen = true)}>
        ${words.say('filters')}${on ? html` <span aria-label=${words.many('filtersOn', on)}>(${words.number(on)})</span>` : nothing}
      </button>
    </div>`;
  }

  /** From far down a list the map would be out of sight, and the other way round. */
  #show(view: Query['view']): void {
    const context = this.#context();
    if (!context?.go({ ...context.query, view })) return;
    void this.updateComplete.then(() => this.renderRoot.querySelector('.columns')?.scrollIntoView());
  }

  #map(context: Context): TemplateResult {
    const { words } = context;
    const map = PIECES.map.here ?? (context.results && PIECES.map.want(this.#looked));
    if (!map) return html`<div class="map">${PIECES.map.failed ? pending(words, [PIECES.map], null, words.say('mapFailed')) : nothing}</div>`;
    return html`<div class="map" part="map">
      ${map.mapView(context, {
        active: this.active,
        tiles: this.tiles || null,
        credit: this.tilesAttribution,
        theme: this.theme,
        onPoint: (id) => (this.active = id),
      })}
    </div>`;
  }

  #mapShown(): boolean {
    return this.layout === 'desk' || this.#session?.query.view === 'map';
  }

  #context(): Context | null {
    const session = this.#session;
    const address = this.#address;
    if (!session || !address) return null;
    return {
      words: this.#words,
      client: session.client,
      session,
      query: session.query,
      results: session.results,
      layout: this.layout,
      label: (filter, value) => session.label(filter, value),
      go: (query) =>
        this.#ask(query, () => {
          this.#moves = this.layout === 'phone' && session.asks(query) && !this.filtersOpen;
          address.push(query);
        }),
      open: (id) => {
        if (!this.#tell('select', { id })) return;
        const query = { ...session.query, open: id };
        // From one listing to the one that took its place is no step of its own.
        if (session.query.open) address.replace(query);
        else this.#pushed = address.push(query);
        session.show(query);
      },
      link: (query) => address.link(forSharing(query)),
      elsewhere: () => session.client.searchPage(toPage(this.renderRoot.querySelector('provider-search-form')?.asTyped() ?? session.query)),
      announce: (text) => (this.said = text),
    };
  }

  /**
   * Another question goes out unless the portal takes it over: then all stays as it was, and this returns false. Another
   * way to show the same one is nobody's to forbid. `before` is called once it is sure.
   */
  #ask(query: Query, before?: () => unknown): boolean {
    const session = this.#session;
    if (!session) return false;
    if (session.asks(query) && !this.#tell('search', { parameters: toFilters(query) })) {
      this.requestUpdate(); // boxes that were ticked show again what is searched for
      return false;
    }
    before?.();
    session.show(query);
    return true;
  }

  #close = (): void => {
    const session = this.#session;
    if (!session) return;
    const query = { ...session.query, open: null };
    session.show(query);
    if (this.#pushed) this.#address?.back();
    else this.#address?.replace(query);
    this.#pushed = false;
  };

  #moved = (): void => {
    const hash = window.location.hash;
    // Another's anchor was followed: what is shown stays.
    const query = this.#read() ?? (hash ? null : this.#initial());
    if (query && JSON.stringify(query) !== JSON.stringify(this.#session?.query)) this.#ask(query);
  };

  /** Seconds count down while something is waited for; else what is open now is looked at once a minute. */
  #tick = (): void => {
    if (this.#session?.trouble || Date.now() % 60_000 < 1000) this.requestUpdate();
  };

  #online = (): void => {
    this.#session?.hurry();
    for (const piece of Object.values(PIECES)) piece.again();
  };

  #looked = (): void => this.requestUpdate();

  #togglePlan = (): void => {
    this.planOpen = !this.planOpen;
    if (!this.planOpen) this.renderRoot.querySelector<HTMLElement>('.mine button')?.focus();
  };

  /** What the address asks, by the member whose visit this is: what it does not say of them, memory does. */
  #read(): Query | null {
    const query = this.#address?.read() ?? null;
    if (!query || query.mine.plan) return query;
    return insured(query, this.#session ? { ...this.#session.query.mine, kept: false } : this.#given());
  }

  /** What the portal says of the member. */
  #given(): Mine {
    return readMine(this.plan, this.duty, '', false);
  }

  #initial(): Query {
    const country = this.country ? this.country.toUpperCase().split(',') : [];
    const filters = { ...EMPTY.filters, country };
    return { ...EMPTY, filters, mine: this.#session?.query.mine ?? this.#given(), where: this.place ? { kind: 'words', text: this.place } : EMPTY.where };
  }

  #newClient(): Client {
    const base = this.apiBase ? new URL(this.apiBase, document.baseURI).href : new URL(import.meta.url).origin;
    return new Client({ base, key: this.key, lang: this.#language, network: this.network, page: location.origin });
  }

  #readWords(): Words {
    const page = document.documentElement.lang;
    const language = languageOf(this.lang, page, ...navigator.languages);
    const tag = [this.lang, page, ...navigator.languages].find((each) => each && languageOf(each) === language);
    this.#language = language;
    if (language !== 'en') PIECES[language].want(this.#learned);
    return new Words(language, tag?.startsWith(language) ? tag : language);
  }

  #learned = (): void => {
    this.#words = this.#readWords();
    const results = this.#session?.results;
    if (results) this.#sayCount(results);
    this.requestUpdate();
  };

  /** Breadth in the reader's own letters: large text on a desk is read like a phone. */
  #measure(): void {
    const letters = this.clientWidth / Math.max(16, parseFloat(getComputedStyle(document.documentElement).fontSize));
    this.layout = letters >= 62 ? 'desk' : letters >= 42 ? 'tablet' : 'phone';
    this.large = letters < 16;
    // Two lines beside the distance, of some three letters to an em of the list's breadth.
    const list = this.layout === 'desk' ? (letters - 20) / 2 : letters;
    this.nameLength = Math.max(24, Math.round((list - 7) * 3));
  }

  /** Tells the portal. Returns false where it has taken over. */
  #tell(name: 'search' | 'select' | 'error', detail: Readonly<Record<string, unknown>>): boolean {
    const how = { bubbles: true, composed: true, cancelable: true, detail };
    return this.dispatchEvent(new CustomEvent(`provider-search:${name}`, how));
  }
}

define('provider-search', ProviderSearch);

declare global {
  interface HTMLElementTagNameMap {
    'provider-search': ProviderSearch;
  }
}
