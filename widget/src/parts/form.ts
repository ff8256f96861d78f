/**
 * The question: where, which and who. What is typed stays a draft until it is searched for. On a phone it is one line that the
 * service understands, with the three fields for who wants them; and once something was asked, a line that says what.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query as element, state } from 'lit/decorators.js';
import type { Context } from '../context';
import { define } from '../define';
import { ANYWHERE, asked, hasPoint, placed, RADII_KM, withFilter, type Query, type Where } from '../query';
import type { Combobox } from './combobox';
import './combobox';
import { PIECES } from '../pieces';
import type { LineChoice, WhereChoice, WhichChoice, WhoChoice } from './proposals';
import { summary } from './summary';

/** About a hundred metres: near enough for distances, no nearer than needed. */
const ROUND = 1000;

/** What was typed and not yet searched for. */
interface Drafts {
  readonly where?: string | undefined;
  readonly which?: string | undefined;
  readonly who?: string | undefined;
}

/** One line about all, one field, three fields. */
type Shape = 'folded' | 'line' | 'fields';

/** Nothing in it that only fields can show. */
function inOneLine({ where, who, filters }: Query): boolean {
  return (where.kind === 'anywhere' || where.kind === 'me') && !who && !filters.type.length && !filters.specialty.length;
}

export class SearchForm extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) query!: Query;
  /** On a phone, once something was asked. */
  @property({ type: Boolean }) foldable = false;
  @state() private drafts: Drafts = {};
  @state() private unfolded = false;
  /** Three fields rather than one line; null: as the question is. */
  @state() private apart: boolean | null = null;
  @state() private locating = false;
  @state() private notice = '';
  #held = false;
  @element('#ps-where') private whereField!: Combobox<WhereChoice> | null;
  @element('#ps-which') private whichField!: Combobox<WhichChoice> | null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Another question is in force: what was typed for the last one is done with.
    if (changed.has('query') && changed.get('query') !== this.query) this.drafts = {};
  }

  protected override updated(): void {
    const fold = this.querySelector<HTMLElement>('.fold');
    // What had the focus is folded away: it stands on what leads there.
    if (fold && this.#held) fold.focus({ preventScroll: true });
    if (fold) this.#held = false;
  }

  protected override render(): TemplateResult {
    const { words } = this.context;
    const shape = this.#shape();
    const submit = html`<button class="primary submit" part="button" type="submit">${words.say('search')}</button>`;
    return html`
      <form class="form ${shape}" part="form" role="search" aria-label=${words.say('searchLabel')} @submit=${this.#submit} novalidate>
        ${shape === 'folded' ? this.#fold() : [shape === 'line' ? this.#line() : [this.#where(), this.#which(), this.#who()], submit, this.#other(shape)]}
        <p class="form-notice" role="status" id="ps-form-notice">${this.notice}</p>
      </form>
    `;
  }

  #shape(): Shape {
    if (this.context.layout !== 'phone') return 'fields';
    if (this.foldable && !this.unfolded) return 'folded';
    return (this.apart ?? !inOneLine(this.query)) ? 'fields' : 'line';
  }

  /** The way to the other form of the same question. */
  #other(shape: Shape): TemplateResult | typeof nothing {
    if (this.context.layout !== 'phone' || (shape === 'fields' && !inOneLine(this.query))) return nothing;
    const turn = () => (this.apart = shape === 'line');
    return html`<button type="button" class="quiet other" @click=${turn}>${this.context.words.say(shape === 'line' ? 'threeFields' : 'oneLine')}</button>`;
  }

  #line(): TemplateResult {
    const { words, client, results } = this.context;
    return html`<div class="field-where">
      <provider-search-combobox
        id="ps-which"
        name="ps-which"
        .words=${words}
        .label=${words.say('line')}
        .hint=${words.say('lineHint')}
        .text=${this.drafts.which ?? this.query.which}
        .describedBy=${'ps-form-notice'}
        .propose=${async (text: string, signal: AbortSignal) => (await PIECES.rest.load()).proposeLine(client, words, results?.facets ?? {}, text, signal)}
        @typed=${(event: CustomEvent<string>) => this.#draft({ which: event.detail })}
        @proposed=${this.#proposed}
        @chosen=${(event: CustomEvent<LineChoice>) => this.#choseLine(event.detail)}
      ></provider-search-combobox>
      ${this.#near()}
    </div>`;
  }

  #where(): TemplateResult {
    const { words, client } = this.context;
    return html`<div class="field-where">
      <provider-search-combobox
        id="ps-where"
        name="ps-where"
        .words=${words}
        .label=${words.say('where')}
        .hint=${words.say('whereHint')}
        .text=${this.drafts.where ?? this.whereText()}
        .describedBy=${'ps-form-notice'}
        .propose=${async (text: string, signal: AbortSignal) => (await PIECES.rest.load()).proposeWhere(client, words, text, signal)}
        @typed=${(event: CustomEvent<string>) => this.#draft({ where: event.detail })}
        @proposed=${this.#proposed}
        @chosen=${(event: CustomEvent<WhereChoice>) => this.#choseWhere(event.detail)}
      ></provider-search-combobox>
      ${this.#near()}
    </div>`;
  }

  #near(): TemplateResult {
    const { words } = this.context;
    return html`<div class="where-more">
      <button type="button" class="quiet near" ?disabled=${this.locating} @click=${this.#locate}>
        <span class="icon icon-here" aria-hidden="true"></span>${words.say(this.locating ? 'locating' : 'nearMe')}
      </button>
      ${hasPoint(this.query) ? this.#radius() : nothing}
    </div>`;
  }

  #radius(): TemplateResult {
    const { words } = this.context;
    const now = this.query.radiusKm;
    const radii = [...new Set([...RADII_KM, now])].sort((one, other) => one - other);
    const change = (event: Event) =>
      this.context.go(asked(this.query, { radiusKm: Number((event.target as HTMLSelectElement).value) }));
    return html`<label class="radius"
      ><span class="hidden">${words.say('distance')}</span>
      <select @change=${change}>
        ${radii.map(
          (km) =>
            html`<option value=${km} ?selected=${km === now}>${words.say('withinKm', { km: words.kilometres(km) })}</option>`,
        )}
      </select>
    </label>`;
  }

  #which(): TemplateResult {
    const { words, client } = this.context;
    return html`<provider-search-combobox
      id="ps-which"
      name="ps-which"
      .words=${words}
      .label=${words.say('which')}
      .hint=${words.say('whichHint')}
      .text=${this.drafts.which ?? this.whichText()}
      .propose=${async (text: string, signal: AbortSignal) => (await PIECES.rest.load()).proposeWhich(client, words, this.context.results?.facets ?? {}, text, signal)}
      @typed=${(event: CustomEvent<string>) => this.#draft({ which: event.detail })}
      @proposed=${this.#proposed}
      @chosen=${(event: CustomEvent<WhichChoice>) => this.#choseWhich(event.detail)}
    ></provider-search-combobox>`;
  }

  #who(): TemplateResult {
    const { words, client } = this.context;
    return html`<provider-search-combobox
      id="ps-who"
      name="ps-who"
      .words=${words}
      .label=${words.say('who')}
      .hint=${words.say('whoHint')}
      .text=${this.drafts.who ?? this.query.who}
      .propose=${async (text: string, signal: AbortSignal) => (await PIECES.rest.load()).proposeWho(client, this.query, text, signal)}
      @typed=${(event: CustomEvent<string>) => this.#draft({ who: event.detail })}
      @proposed=${this.#proposed}
      @chosen=${(event: CustomEvent<WhoChoice>) => this.#choseWho(event.detail)}
    ></provider-search-combobox>`;
  }

  /** "Cardiology · Kinshasa · Card — change". */
  #fold(): TemplateResult {
    const { words } = this.context;
    const said = summary(this.context, this.whichText(), this.whereText());
    return html`<button type="button" class="fold" @click=${this.#unfold}>
      <span class="said">${said.map((part, at) => html`${at ? ' · ' : ''}<bdi>${part}</bdi>`)}</span>
      <span class="change">${words.say('change')}</span>
    </button>`;
  }

  /** The question with what is typed and not yet searched for. */
  asTyped(): Query {
    return this.#withDrafts(this.query, this.drafts);
  }

  /** Where, as the field shows it. */
  private whereText(): string {
    const { where, filters } = this.query;
    if (where.kind === 'words') return where.text;
    if (where.kind === 'point') return where.label;
    if (where.kind === 'me') return this.context.words.say('nearMe');
    if (where.kind === 'box') return this.context.words.say('mapArea');
    return this.context.words.list(filters.country.map((code) => this.context.label('country', code)));
  }

  private whichText(): string {
    const { filters, which } = this.query;
    const chosen = (['type', 'specialty'] as const).flatMap((filter) =>
      filters[filter].map((code) => this.context.label(filter, code)),
    );
    return chosen.length ? this.context.words.list(chosen) : which;
  }

  #draft(draft: Drafts): void {
    this.drafts = { ...this.drafts, ...draft };
    this.notice = '';
  }

  #proposed = (event: CustomEvent<number>): void => {
    const { words } = this.context;
    const text = event.detail ? words.many('suggestions', event.detail) : words.say('noSuggestion');
    this.context.announce(text);
  };

  #choseWhere({ where, country, label }: WhereChoice): void {
    for (const code of country) this.context.session.remember('country', code, label);
    this.#go(this.#withDrafts(placed(this.query, where, country), { ...this.drafts, where: undefined }));
  }

  #choseWhich({ filter, code, label }: WhichChoice): void {
    this.context.session.remember(filter, code, label);
    this.#go(this.#withDrafts(choose(this.query, { filter, code }), { ...this.drafts, which: undefined }));
  }

  #choseLine(choice: LineChoice): void {
    if ('where' in choice) {
      this.drafts = { ...this.drafts, which: undefined };
      this.#choseWhere(choice);
    } else if ('code' in choice) this.#choseWhich(choice);
    else {
      this.#draft({ which: choice.label });
      this.context.open(choice.id);
    }
  }

  #choseWho({ id, label }: WhoChoice): void {
    this.#draft({ who: label });
    this.context.open(id);
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    const exactWhere = this.drafts.where === undefined ? undefined : this.whereField?.exact();
    const proposed = this.drafts.which === undefined ? undefined : this.whichField?.exact();
    // In one line a place or a name that was proposed is read by the service, as the rest of the line is.
    const exactWhich = proposed && 'filter' in proposed ? proposed : undefined;
    this.whereField?.close();
    this.whichField?.close();
    let query = this.#withDrafts(this.query, this.drafts);
    // "El Cairo" is Cairo to the service, and a village by its own name only where nothing better is proposed.
    if (exactWhere && (this.whereField?.isBest(exactWhere) || this.drafts.where?.includes(','))) query = placed(query, exactWhere.where, exactWhere.country);
    if (exactWhich) {
      this.context.session.remember(exactWhich.filter, exactWhich.code, exactWhich.label);
      query = choose(query, exactWhich);
    }
    this.#go(query);
  };

  #withDrafts(query: Query, { where, which, who }: Drafts): Query {
    let next = query;
    if (where !== undefined && where !== this.whereText()) {
      const text = where.trim();
      next = placed(next, text ? { kind: 'words', text } : ANYWHERE);
    }
    if (which !== undefined && which !== this.whichText()) {
      next = withFilter(withFilter({ ...next, which: which.trim() }, 'type', []), 'specialty', []);
    }
    return who === undefined ? asked(next, {}) : asked(next, { who: who.trim() });
  }

  #go(query: Query): void {
    // Where the portal keeps the search from going out, what was typed stays.
    if (!this.context.go(query)) return;
    this.#held = this.querySelector(':focus') !== null;
    this.drafts = {};
    this.unfolded = false;
  }

  #unfold = async (): Promise<void> => {
    this.unfolded = true;
    await this.updateComplete;
    this.whichField?.input?.focus();
  };

  /** Asked only here, on a click. The position is rounded before it goes anywhere. */
  #locate = (): void => {
    const { words } = this.context;
    const failed = (error?: GeolocationPositionError) => {
      this.locating = false;
      this.notice = words.say(error?.code === 1 ? 'locationRefused' : 'locationFailed');
      // A place has a field of its own among the three.
      this.apart = true;
      void this.updateComplete.then(() => this.whereField?.input?.focus());
    };
    if (!('geolocation' in navigator)) {
      failed();
      return;
    }
    this.locating = true;
    this.notice = '';
    const found = ({ coords }: GeolocationPosition) => {
      this.locating = false;
      const [lat, lon] = [coords.latitude, coords.longitude].map((degrees) => Math.round(degrees * ROUND) / ROUND);
      const where: Where = { kind: 'me', lat: lat ?? 0, lon: lon ?? 0 };
      this.#go(this.#withDrafts(placed(this.query, where), { ...this.drafts, where: undefined }));
    };
    navigator.geolocation.getCurrentPosition(found, failed, { timeout: 15_000, maximumAge: 60_000 });
  };
}

/** A kind of care that was chosen says which by itself. */
function choose(query: Query, { filter, code }: Pick<WhichChoice, 'filter' | 'code'>): Query {
  const cleared = withFilter(withFilter({ ...query, which: '' }, 'type', []), 'specialty', []);
  return withFilter(cleared, filter, [code]);
}

define('provider-search-form', SearchForm);

declare global {
  interface HTMLElementTagNameMap {
    'provider-search-form': SearchForm;
  }
}
