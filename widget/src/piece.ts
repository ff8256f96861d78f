/** A part of the widget in a file of its own, fetched when it is first wanted: what waits for it is told when it is there or did not come. */

/** What the first file and a piece share, by name. The build writes it; a piece says which of it it needs. */
export type Kit = Readonly<Record<string, unknown>>;
type Make<T> = (kit: Kit) => T;

/**
 * The piece from its file: by the name that tells its content, else, where the service was upgraded behind an open page,
 * by its plain one. `attempt`: browsers remember that a module could not be had, and ask again only under another address.
 */
export async function load<T>(names: readonly string[], base: string, kit: Kit, attempt: number): Promise<T> {
  let failure: unknown;
  for (const name of names) {
    try {
      const url = new URL(name, base);
      if (attempt) url.search = String(attempt);
      const { default: make } = (await import(/* @vite-ignore */ url.href)) as { default: Make<T> };
      return make(kit);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

export class Piece<T> {
  here: T | null = null;
  /** It could not be loaded; `again` asks for it anew. */
  failed = false;
  #coming: Promise<T> | null = null;
  #attempts = 0;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly fetch: (attempt: number) => Promise<T>) {}

  /** The piece, or null: then it is on its way, and `told` is called when it has come or failed. */
  want(told: () => void): T | null {
    if (this.here) return this.here;
    this.#waiting.add(told);
    if (!this.failed) this.load().catch(() => undefined);
    return null;
  }

  /** Once more what failed. */
  again(): void {
    if (this.failed) this.load().catch(() => undefined);
  }

  load(): Promise<T> {
    this.#coming ??= this.#load();
    return this.#coming;
  }

  async #load(): Promise<T> {
    try {
      this.here = await this.fetch(this.#attempts++);
      this.failed = false;
      return this.here;
    } catch (error) {
      this.failed = true;
      this.#coming = null;
      throw error;
    } finally {
      const waiting = [...this.#waiting];
      if (this.here) this.#waiting.clear();
      for (const told of waiting) told();
    }
  }
}
