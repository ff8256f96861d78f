/**
 * The view in the page's address: `#ps:…`, or `#ps-ID:…` for an element with an id. Several widgets share a fragment,
 * separated by `~`. A portal that routes by fragment (`#/…`, `#!…`) keeps it: nothing is written there, and the view
 * lasts as long as the page.
 */
import { fromFragment, toFragment, type Query } from './query';

const BETWEEN = '~';

export class Address {
  readonly #mark: string;
  readonly #window: Window;

  constructor(id: string, of: Window = window) {
    this.#mark = id ? `ps-${id}:` : 'ps:';
    this.#window = of;
  }

  /** The query that the address holds; null where it says nothing to this widget. */
  read(): Query | null {
    const segment = this.#segments().find((part) => part.startsWith(this.#mark));
    return segment === undefined ? null : fromFragment(segment.slice(this.#mark.length));
  }

  /** A new step, to which the back button leads. Returns whether it was made. */
  push(query: Query): boolean {
    const href = this.#write(query);
    if (href === this.#window.location.href || !this.#ours()) return false;
    this.#window.history.pushState(this.#window.history.state, '', href);
    return true;
  }

  /** The same step, told anew. */
  replace(query: Query): void {
    if (this.#ours()) this.#window.history.replaceState(this.#window.history.state, '', this.#write(query));
  }

  /** The address of this page with `query` in it, and nothing of other widgets'. */
  link(query: Query): string {
    const url = new URL(this.#window.location.href);
    url.hash = `${this.#mark}${toFragment(query)}`;
    return url.href;
  }

  back(): void {
    this.#window.history.back();
  }

  #write(query: Query): string {
    const others = this.#segments().filter((part) => !part.startsWith(this.#mark) && /^ps(-[^:]*)?:/.test(part));
    const url = new URL(this.#window.location.href);
    url.hash = [...others, `${this.#mark}${toFragment(query)}`].join(BETWEEN);
    return url.href;
  }

  /** Whether the fragment may be written: a portal's anchors may be left, its routes may not. */
  #ours(): boolean {
    return !/^#[/!]/.test(this.#window.location.hash);
  }

  #segments(): string[] {
    const text = this.#window.location.hash.replace(/^#/, '');
    return text ? text.split(BETWEEN) : [];
  }
}
