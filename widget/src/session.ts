/**
 * One member's search: the query in force, its answer, what is on its way and what went wrong. Knows no markup; tells its
 * owner when something changed.
 */
import { Refused, type Unavailable } from './api/errors';
import type { Client } from './api/client';
import { Latest } from './api/latest';
import { persist } from './api/retry';
import type { FacetName, Facets, Item, Relaxation, SearchAnswer, WhereAnswer } from './api/types';
import { hasArea, NOBODY } from './mine';
import { filterOf, insured, sameQuestion, toParams, withFilter, ANYWHERE, type Filter, type Query } from './query';

export interface Results {
  /** The question that they answer. */
  readonly query: Query;
  /** The answer's first page: the same object for as long as only more of its pages come. */
  readonly answer: SearchAnswer;
  readonly items: readonly Item[];
  readonly total: number;
  readonly facets: Facets;
  readonly where: WhereAnswer | null;
  readonly relaxations: readonly Relaxation[];
  readonly next: string | null;
  readonly forgiving: boolean;
  /** How many of them are spelled as typed. */
  readonly asTyped: number | null;
  readonly degraded: boolean;
  readonly notice: string;
  /** When they arrived, in milliseconds of the epoch. */
  readonly at: number;
}

/** `soon`: too early to show; `shown`: show that something is coming; `slow`: explain. */
export type Busy = 'no' | 'soon' | 'shown' | 'slow';

/** `told`: the portal tells the member of it in its own words. */
export type Trouble = { readonly told: boolean } & (
  | { readonly kind: 'waiting'; readonly error: Unavailable; readonly until: number }
  | { readonly kind: 'refused'; readonly error: Refused }
);

const SHOW_MS = 150;
const SLOW_MS = 4_000;
const FACETS: readonly FacetName[] = [
  'country',
  'city',
  'type',
  'specialty',
  'settlement',
  'tariff',
  'language',
  'network',
  'coverage',
];

export interface SessionOwner {
  /** Something to show has changed. */
  changed(): void;
  /** New results have arrived; or more of them, from the place `from` on. */
  arrived(results: Results, from: number): void;
  /** Returns true where the portal tells the member of it. */
  failed(error: Refused | Unavailable): boolean;
  /** The service read the question otherwise than it was asked: this one is meant. */
  corrected(query: Query): void;
}

export class Session {
  client: Client;
  query: Query;
  results: Results | null = null;
  busy: Busy = 'no';
  loadingMore = false;
  trouble: Trouble | null = null;
  /** Facets that the portal has decided already are not asked for. */
  hiddenFacets: readonly FacetName[] = [];

  readonly #owner: SessionOwner;
  readonly #questions = new Latest();
  readonly #hurry = new EventTarget();
  readonly #labels = new Map<string, string>();
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(owner: SessionOwner, client: Client, query: Query) {
    this.#owner = owner;
    this.client = client;
    this.query = query;
  }

  /** Whether this query is a question whose answer is neither here nor on its way. */
  asks(query: Query): boolean {
    if (this.busy !== 'no' || this.trouble) return !sameQuestion(this.query, query);
    return !this.results || !sameQuestion(this.results.query, query);
  }

  /** Takes a query over; asks the service where it has to. */
  show(query: Query): void {
    const asks = this.asks(query);
    this.query = query;
    if (asks) void this.ask();
    else this.#owner.changed();
  }

  async ask(): Promise<void> {
    const { query, client } = this;
    this.#begin();
    try {
      const params = { ...toParams(query), facets: this.#facets() };
      const answer = await this.#questions.run((signal) => this.#persist((s) => client.search(params, s), signal));
      if (!answer) return;
      this.#end();
      this.results = this.#read(query, answer);
      this.#owner.arrived(this.results, 0);
    } catch (error) {
      this.#refused(error, query);
    }
  }

  /** The next page, behind those shown. */
  async more(): Promise<void> {
    const { client, results } = this;
    // A newer question makes the rest of the older answer worthless.
    if (!results?.next || this.loadingMore || this.busy !== 'no') return;
    const link = results.next;
    this.loadingMore = true;
    this.#owner.changed();
    try {
      const answer = await this.#questions.run((signal) => this.#persist((s) => client.follow(link, s), signal));
      if (!answer) return;
      this.#end();
      const seen = new Set(results.items.map((item) => item.id));
      const items = [...results.items, ...answer.items.filter((item) => !seen.has(item.id))];
      this.query = { ...this.query, pages: this.query.pages + 1 };
      this.results = { ...results, items, next: answer.links.next, degraded: answer.degraded, query: this.query };
      this.#owner.arrived(this.results, results.items.length);
    } catch (error) {
      this.#refused(error, this.query);
    } finally {
      this.loadingMore = false;
      this.#owner.changed();
    }
  }

  /** Does not wait for the next attempt. */
  hurry(): void {
    this.#hurry.dispatchEvent(new Event('hurry'));
  }

  stop(): void {
    this.#questions.cancel();
    this.#end();
  }

  label(filter: Filter, value: string): string {
    return this.#labels.get(`${filter} ${value}`) ?? value;
  }

  remember(filter: Filter, value: string, label: string): void {
    this.#labels.set(`${filter} ${value}`, label);
  }

  /** Labels are in the reader's language: another one needs others. */
  forgetLabels(): void {
    this.#labels.clear();
  }

  #facets(): string {
    const counted = (name: FacetName) => name !== 'coverage' || hasArea(this.query.mine);
    return FACETS.filter((name) => !this.hiddenFacets.includes(name) && counted(name)).join(',');
  }

  #persist<T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return persist(ask, signal, {
      hurry: this.#hurry,
      onWait: ({ error, until }) => {
        this.#stopTimers();
        this.trouble = { kind: 'waiting', error, until, told: this.#owner.failed(error) };
        this.#owner.changed();
      },
    });
  }

  #begin(): void {
    this.#stopTimers();
    if (this.busy === 'no') this.busy = 'soon';
    this.loadingMore = false;
    this.#timers = [
      setTimeout(() => this.#wait('shown'), SHOW_MS),
      setTimeout(() => this.#wait('slow'), SLOW_MS),
    ];
    this.#owner.changed();
  }

  #wait(busy: Busy): void {
    this.busy = busy;
    this.#owner.changed();
  }

  #end(): void {
    this.#stopTimers();
    this.busy = 'no';
    this.trouble = null;
  }

  #stopTimers(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
  }

  #refused(error: unknown, query: Query): void {
    this.#end();
    if (!(error instanceof Refused)) throw error;
    const meant = meantCountry(error, query) ?? withoutWrong(error, query);
    if (meant) {
      this.#owner.corrected(meant);
      return;
    }
    this.trouble = { kind: 'refused', error, told: this.#owner.failed(error) };
    this.#owner.changed();
  }

  #read(query: Query, answer: SearchAnswer): Results {
    for (const name of FACETS) {
      for (const { value, label } of answer.facets[name] ?? []) this.remember(filterOf(name), value, label);
    }
    return {
      query,
      answer,
      items: answer.items,
      total: answer.total.value,
      facets: answer.facets,
      where: answer.where,
      relaxations: answer.relaxations,
      next: answer.links.next,
      forgiving: answer.forgiving,
      asTyped: answer.found_as_typed,
      degraded: answer.degraded,
      notice: answer.notice ?? '',
      at: Date.now(),
    };
  }
}

/** The question without what its plan cannot be: one of an old address, or of a portal that says something else. */
function withoutWrong(error: Refused, query: Query): Query | null {
  const { mine } = query;
  if (!mine.plan) return null;
  if (error.fault('plan') ?? error.fault('network')) return insured(query, NOBODY);
  if (error.fault('duty')) return mine.duty ? insured(query, { ...mine, duty: '' }) : null;
  if (error.fault('on')) return mine.on ? insured(query, { ...mine, on: '' }) : null;
  return error.fault('coverage') && query.filters.coverage.length ? withFilter(query, 'coverage', []) : null;
}

/** The name of a country typed as a place: the service says which country it names. */
function meantCountry(error: Refused, query: Query): Query | null {
  const codes = (error.fault('near')?.allowed ?? []).map((text) => /^country=([A-Z]{2})$/.exec(text)?.[1]);
  const [code] = codes;
  return codes.length === 1 && code ? withFilter({ ...query, where: ANYWHERE }, 'country', [code]) : null;
}
