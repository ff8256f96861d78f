/** Asking again what failed in passing: later each time, and not before the service says. */
import { Unavailable } from './errors';
import { pause } from './latest';

export interface Waiting {
  readonly error: Unavailable;
  /** When it is asked again, in milliseconds of the epoch. */
  readonly until: number;
}

export interface Patience {
  /** Told before each wait. */
  readonly onWait: (waiting: Waiting) => void;
  /** Ends a wait early: "Try now", or the link is back. */
  readonly hurry?: EventTarget;
  readonly random?: () => number;
}

const FIRST_MS = 800;
const LONGEST_MS = 30_000;

/** Milliseconds before the `attempt`-th repetition (from 0): doubled each time, half of it by chance so that all do not come at once. */
export function backoff(attempt: number, retryAfterS: number | null, random: () => number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.max(most / 2 + (random() * most) / 2, (retryAfterS ?? 0) * 1000);
}

/** Asks until there is an answer or a refusal, or `signal` aborts. */
export async function persist<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  { onWait, hurry, random = Math.random }: Patience,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask(signal);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      const ms = backoff(attempt, error.retryAfterS, random);
      onWait({ error, until: Date.now() + ms });
      await interruptible(ms, signal, hurry);
    }
  }
}

async function interruptible(ms: number, signal: AbortSignal, hurry?: EventTarget): Promise<void> {
  const either = new AbortController();
  const stop = () => either.abort();
  signal.addEventListener('abort', stop, { once: true });
  hurry?.addEventListener('hurry', stop, { once: true });
  try {
    await pause(ms, either.signal);
  } catch {
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    hurry?.removeEventListener('hurry', stop);
  }
}
