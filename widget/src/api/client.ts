/**
 * The public interface over fetch: only simple requests (no header of our own but on a report), no cookies, a bound on
 * every wait, and errors as the two kinds that matter: worth asking again, or not.
 */
import type { Bounds, MapAnswer } from '../map/contract';
import { Refused, Unavailable } from './errors';
import type { Codes, Heard, Item, Line, Now, Place, ProblemAnswer, Report, SearchAnswer, Suggestion } from './types';

export type Params = Readonly<Record<string, string>>;

export interface ClientOptions {
  /** The service's origin, and a path where it lies below one. */
  readonly base: string;
  /** Publishable key; empty for the service's own origin. */
  readonly key: string;
  readonly lang: string;
  /** The networks of the reader's plan, separated by commas; empty: all. */
  readonly network: string;
  /** The origin of the page, where there is one. */
  readonly page?: string;
}

/** Longer than the service's own bound of two seconds, and than a slow link needs. */
const PATIENCE_MS = 20_000;
/** What 5xx means on the way: a proxy without a service behind it, a service without its engines. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

export class Client {
  readonly #options: ClientOptions;
  readonly #codes: { answer: Promise<Codes> | null } = { answer: null };

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  search(params: Params, signal: AbortSignal): Promise<SearchAnswer> {
    return this.#get('/v1/providers', { ...this.#scope(params), ...params }, signal);
  }

  /** The page that `links.next` leads to. */
  follow(link: string, signal: AbortSignal): Promise<SearchAnswer> {
    const url = new URL(link, 'https://link.invalid');
    // What was counted for the first page holds for the next ones.
    return this.#get(url.pathname, { ...Object.fromEntries(url.searchParams), facets: 'none', limit: '20' }, signal);
  }

  /** `params`: how the member is insured. */
  listing(id: string, params: Params, signal: AbortSignal): Promise<Item> {
    return this.#get(`/v1/providers/${encodeURIComponent(id)}`, { ...this.#scope({}), ...params }, signal);
  }

  map(params: Params, bbox: Bounds, zoom: number, signal: AbortSignal): Promise<MapAnswer> {
    const there = { bbox: bbox.join(','), zoom: String(zoom) };
    return this.#get('/v1/map', { ...this.#scope(params), ...params, ...there }, signal);
  }

  async places(q: string, signal: AbortSignal): Promise<readonly Place[]> {
    const answer = await this.#get<{ items: readonly Place[] }>('/v1/places', { q, limit: '7' }, signal);
    return answer.items;
  }

  async suggest(params: Params, signal: AbortSignal): Promise<readonly Suggestion[]> {
    const answer = await this.#get<{ items: readonly Suggestion[] }>('/v1/suggest', params, signal);
    return answer.items;
  }

  /** Every code with its label: asked for once, and again only after a failure. */
  codes(): Promise<Codes> {
    this.#codes.answer ??= this.#get<Codes>('/v1/codes', {}, new AbortController().signal).catch(
      (error: unknown) => {
        this.#codes.answer = null;
        throw error;
      },
    );
    return this.#codes.answer;
  }

  /** `attempt` stays the same when the same report is sent again: it is taken once. */
  async report(id: string, report: Report, attempt: string, signal: AbortSignal): Promise<void> {
    const url = this.#url(`/v1/providers/${encodeURIComponent(id)}/reports`, {});
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': attempt };
    const init = { method: 'POST', headers, body: JSON.stringify(report) };
    await this.#fetch(url, init, signal, (response) => response.text());
  }

  /** Whom to call, what to show at the desk, where else: of one provider. */
  now(id: string, signal: AbortSignal): Promise<Now> {
    return this.#get(`/v1/providers/${encodeURIComponent(id)}/now`, this.#scope({}), signal);
  }

  /** The number to call of a country. */
  async firstLine(country: string, signal: AbortSignal): Promise<Line | null> {
    return (await this.#get<{ first: Line | null }>('/v1/contacts', { country }, signal)).first;
  }

  /** The address of a page of the service's own. */
  ownPage(path: string, params: Params = {}): string {
    const said = new URLSearchParams({ ...params, lang: this.#options.lang });
    return `${this.#options.base.replace(/\/$/, '')}${path}?${said.toString()}`;
  }

  /** Whether they took the card; a second answer of a day is not counted. */
  visit(id: string, card: boolean, signal: AbortSignal): Promise<Heard> {
    const url = this.#url(`/v1/providers/${encodeURIComponent(id)}/visits`, {});
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ card }) };
    return this.#fetch(url, init, signal, (response) => response.json() as Promise<Heard>);
  }

  /** The address of the service's own search page, with this question. */
  searchPage(params: Params): string {
    return this.#page('/search', params);
  }

  /** The address of a provider's card for its desk, with the code that is checked. */
  deskPage(id: string): string {
    return this.#page(`/search/${encodeURIComponent(id)}`, { desk: '1' });
  }

  #page(path: string, params: Params): string {
    const said = new URLSearchParams({ ...this.#scope(params), ...params, lang: this.#options.lang });
    return `${this.#options.base.replace(/\/$/, '')}${path}?${said.toString()}`;
  }

  /** An address of the service, as its answers name it. */
  page(path: string): string {
    return this.#options.base.replace(/\/$/, '') + path;
  }

  #scope(params: Params): Params {
    const { network } = this.#options;
    return network && !('network' in params) ? { network } : {};
  }

  #get<T>(path: string, params: Params, signal: AbortSignal): Promise<T> {
    return this.#fetch(this.#url(path, params), {}, signal, (response) => response.json() as Promise<T>);
  }

  #url(path: string, params: Params): string {
    const url = new URL(this.#options.base.replace(/\/$/, '') + path);
    url.search = new URLSearchParams({ ...params, lang: this.#options.lang }).toString();
    if (this.#options.key) url.searchParams.set('key', this.#options.key);
    return url.href;
  }

  /** Answers with what `read` makes of the answer; `signal` and the bound on waiting hold until its last byte. */
  async #fetch<T>(url: string, init: RequestInit, signal: AbortSignal, read: (response: Response) => Promise<T>): Promise<T> {
    const bounded = new AbortController();
    const stop = () => bounded.abort();
    const timer = setTimeout(stop, PATIENCE_MS);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const send = () => fetch(url, { ...init, credentials: 'omit', signal: bounded.signal });
      const response = await send().catch((error: unknown) => this.#again(error, send, bounded.signal));
      if (!response.ok) throw await readProblem(response);
      return await read(response);
    } catch (error) {
      if (signal.aborted) throw new DOMException('A newer question was asked.', 'AbortError');
      if (error instanceof Refused || error instanceof Unavailable) throw error;
      // A link that broke, an answer that broke off or is none of the service's.
      throw new Unavailable(bounded.signal.aborted ? 'No answer in time.' : 'The service cannot be reached.');
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  /**
   * A browser hides what a page of another origin may not read behind the same error as a link that broke. Where the service
   * lives and the second try fails too, the page may not ask; asking on would be in vain.
   */
  async #again(error: unknown, send: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
    const { base, page } = this.#options;
    if (!page || signal.aborted || new URL(base).origin === page) throw error;
    await fetch(`${base.replace(/\/$/, '')}/healthz`, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal });
    return send().catch((second: unknown) => {
      throw signal.aborted ? second : new Refused(NOT_ALLOWED);
    });
  }
}

/** As the service says it where it may be heard. */
const NOT_ALLOWED = {
  type: '/docs#problem-origin-not-allowed',
  title: 'This origin may not ask',
  detail: 'The service answers, and the browser keeps the answers from this page: its key names other origins, or was revoked.',
  status: 403,
};

async function readProblem(response: Response): Promise<Refused | Unavailable> {
  if (PASSING.has(response.status)) {
    return new Unavailable(`HTTP ${response.status}`, retryAfter(response.headers), response.status === 429);
  }
  const problem = { type: '', title: '', detail: '', status: response.status };
  try {
    return new Refused({ ...problem, ...((await response.json()) as Partial<ProblemAnswer>), status: response.status });
  } catch {
    return new Refused(problem);
  }
}

/** Seconds to wait: `Retry-After` in seconds or as a date, else the reset of an empty `RateLimit`. */
export function retryAfter(headers: Headers, now = Date.now()): number | null {
  const said = headers.get('Retry-After');
  if (said !== null) {
    const seconds = /^\d+$/.test(said.trim()) ? Number(said) : (Date.parse(said) - now) / 1000;
    if (Number.isFinite(seconds)) return Math.max(0, seconds);
  }
  const limit = /;\s*r=0\b.*?;\s*t=(\d+)/.exec(headers.get('RateLimit') ?? '');
  return limit ? Number(limit[1]) : null;
}
