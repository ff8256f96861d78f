/**
 * One member's search: the query in force, its answer, what is on its way and what went wrong. Knows no markup; tells its
 * owner when something changed.
 */
import { Refused, type Unavailable } from './api/errors';
import type { Client } from './api/client';
import { Latest } from './api/latest';
import { persist } from './api/retry';
import type { FacetName, Facets, Item, Relaxation, SearchAnswer, WhereAnswer } from './api/types';
import { filterOf, sameQuestion, toParams, withFilter, ANYWHERE, type Filter, type Query } from './query';

export interface Results {
  /** The question that they answer. */
  readonly query: Query;
  readonly items: readonly Item[];
  readonly total: number;
  readonly facets: Facets;
  readonly where: WhereAnswer | null;
  readonly relaxations: readonly Relaxation[];
  readonly next: string | null;
  readonly forgiving: boolean;
  readonly degraded: boolean;
  readonly notice: string;
  /** When they arrived, in milliseconds of the epoch. */
  readonly at: number;
}

/** `soon`: too early to show; `shown`: show that something is coming; `slow`: explain. */
export type Busy = 'no' | 'soon' | 'shown' | 'slow';

export type Trouble =
  | { readonly kind: 'waiting'; readonly error: Unavailable; readonly until: number }
  | { readonly kind: 'refused'; readonly error: Refused };

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
];

export interface SessionOwner {
  /** Something to show has changed. */
  changed(): void;
  /** New results, or more of them, have arrived. */
  arrived(results: Results, more: boolean): void;
  failed(error: Refused | Unavailable): void;
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

  /** Takes a query over; asks the service where the answer in hand is not its answer. */
  show(query: Query): void {
    this.query = query;
    const answered = this.results && sameQuestion(this.results.query, query);
    if (answered && !this.trouble && this.busy === 'no') this.#owner.changed();
    else void this.ask();
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
      this.#owner.arrived(this.results, false);
    } catch (error) {
      this.#refused(error, query);
    }
  }

  /** The next page, behind those shown. */
  async more(): Promise<void> {
    const { client, results } = this;
    if (!results?.next || this.loadingMore) return;
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
      this.#owner.arrived(this.results, true);
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
    return FACETS.filter((name) => !this.hiddenFacets.includes(name)).join(',');
  }

  #persist<T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return persist(ask, signal, {
      hurry: this.#hurry,
      onWait: ({ error, until }) => {
        this.#stopTimers();
        this.trouble = { kind: 'waiting', error, until };
        this.#owner.failed(error);
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
    if (!(error instanceof Refused)) throw error;
    this.#end();
    const meant = meantCountry(error, query);
    if (meant) {
      this.#owner.corrected(meant);
      return;
    }
    this.trouble = { kind: 'refused', error };
    this.#owner.failed(error);
    this.#owner.changed();
  }

  #read(query: Query, answer: SearchAnswer): Results {
    for (const name of FACETS) {
      for (const { value, label } of answer.facets[name] ?? []) this.remember(filterOf(name), value, label);
    }
    return {
      query,
      items: answer.items,
      total: answer.total.value,
      facets: answer.facets,
      where: answer.where,
      relaxations: answer.relaxations,
      next: answer.links.next,
      forgiving: answer.forgiving,
      degraded: answer.degraded,
      notice: answer.notice ?? '',
      at: Date.now(),
    };
  }
}

/** The name of a country typed as a place: the service says which country it names. */
function meantCountry(error: Refused, query: Query): Query | null {
  const codes = (error.fault('near')?.allowed ?? []).map((text) => /^country=([A-Z]{2})$/.exec(text)?.[1]);
  const [code] = codes;
  return codes.length === 1 && code ? withFilter({ ...query, where: ANYWHERE }, 'country', [code]) : null;
}
