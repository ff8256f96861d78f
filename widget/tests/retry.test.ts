import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused, Unavailable } from '../src/api/errors';
import { Latest, pause } from '../src/api/latest';
import { backoff, persist, type Waiting } from '../src/api/retry';
import { later } from './service';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('asking again', () => {
  it('waits longer each time, at most half a minute, and never all at once', () => {
    const waits = (random: number) => [0, 1, 2, 3, 10].map((attempt) => backoff(attempt, null, () => random));
    expect(waits(1)).toEqual([800, 1600, 3200, 6400, 30_000]);
    expect(waits(0)).toEqual([400, 800, 1600, 3200, 15_000]);
  });

  it('waits no shorter than the service says', () => {
    expect(backoff(0, 20, () => 0.5)).toBe(20_000);
    expect(backoff(10, 1, () => 0)).toBe(15_000);
  });

  it('ends with the first answer', async () => {
    const waits: Waiting[] = [];
    let times = 0;
    const ask = () => (++times < 3 ? Promise.reject(new Unavailable('down')) : Promise.resolve('found'));
    const found = persist(ask, new AbortController().signal, { onWait: (waiting) => waits.push(waiting), random: () => 1 });
    await vi.advanceTimersByTimeAsync(799);
    expect(times).toBe(1);
    await vi.advanceTimersByTimeAsync(1 + 1600);
    expect(await found).toBe('found');
    expect(times).toBe(3);
    expect(waits).toHaveLength(2);
  });

  it('does not repeat what was refused', async () => {
    let times = 0;
    const refused = new Refused({ type: '', title: 'No', status: 400, detail: '' });
    const ask = () => {
      times++;
      return Promise.reject(refused);
    };
    await expect(persist(ask, new AbortController().signal, { onWait: () => undefined })).rejects.toBe(refused);
    expect(times).toBe(1);
  });

  it('is hurried by the member or the link', async () => {
    const hurry = new EventTarget();
    let times = 0;
    const ask = () => (++times < 2 ? Promise.reject(new Unavailable('down', 600)) : Promise.resolve('found'));
    const found = persist(ask, new AbortController().signal, { onWait: () => undefined, hurry });
    await vi.advanceTimersByTimeAsync(10);
    hurry.dispatchEvent(new Event('hurry'));
    expect(await found).toBe('found');
  });

  it('stops at once when it is no longer wanted', async () => {
    const wanted = new AbortController();
    let times = 0;
    const ask = () => {
      times++;
      return Promise.reject(new Unavailable('down'));
    };
    const found = persist(ask, wanted.signal, { onWait: () => undefined });
    const ended = expect(found).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(10);
    wanted.abort();
    await ended;
    await vi.advanceTimersByTimeAsync(100_000);
    expect(times).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('of several questions', () => {
  it('only the newest is answered, whatever comes last', async () => {
    const latest = new Latest();
    const [one, two] = [later<string>(), later<string>()];
    const signals: AbortSignal[] = [];
    const ask = (answer: Promise<string>) => (signal: AbortSignal) => {
      signals.push(signal);
      return answer;
    };
    const [first, second] = [latest.run(ask(one.promise)), latest.run(ask(two.promise))];
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    two.resolve('new');
    one.resolve('old');
    expect(await Promise.all([first, second])).toEqual([undefined, 'new']);
  });

  it('the failure of an older one is nobody’s', async () => {
    const latest = new Latest();
    const one = later<string>();
    const first = latest.run(() => one.promise);
    const second = latest.run(() => Promise.resolve('new'));
    one.reject(new Unavailable('down'));
    expect(await Promise.all([first, second])).toEqual([undefined, 'new']);
  });

  it('none is answered once they are cancelled', async () => {
    const latest = new Latest();
    const run = latest.run((signal) => pause(1000, signal).then(() => 'late'));
    latest.cancel();
    expect(await run).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});
