/** One question at a time: a newer one aborts the older, whose answer never arrives. */
export class Latest {
  #current: AbortController | null = null;

  /** Resolves to what `ask` gives, or to `undefined` once a newer question was asked or `cancel` was called. */
  async run<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this.cancel();
    const mine = new AbortController();
    this.#current = mine;
    try {
      const answer = await ask(mine.signal);
      return mine.signal.aborted ? undefined : answer;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    } finally {
      if (this.#current === mine) this.#current = null;
    }
  }

  cancel(): void {
    this.#current?.abort();
    this.#current = null;
  }
}

/** Waits, unless `signal` aborts: then it rejects at once. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('No longer wanted.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
