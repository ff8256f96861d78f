import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../src/api/client';
import { Refused, Unavailable } from '../src/api/errors';
import type { SearchAnswer } from '../src/api/types';
import { EMPTY, type Query } from '../src/query';
import { Session, type Results } from '../src/session';
import { answer, facet, item, later } from './service';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const GOMA: Query = { ...EMPTY, where: { kind: 'words', text: 'Goma' } };
const BUKAVU: Query = { ...EMPTY, where: { kind: 'words', text: 'Bukavu' } };

/** A session whose questions are answered by hand, in any order. */
function searching() {
  const asked: { params: Readonly<Record<string, string>>; signal: AbortSignal; give: ReturnType<typeof later<SearchAnswer>> }[] = [];
  const ask = (params: Readonly<Record<string, string>>, signal: AbortSignal) => {
    const give = later<SearchAnswer>();
    asked.push({ params, signal, give });
    return give.promise;
  };
  const client = { search: ask, follow: (link: string, signal: AbortSignal) => ask({ link }, signal) } as unknown as Client;
  const arrived: [Results, number][] = [];
  const failed: (Refused | Unavailable)[] = [];
  const corrected: Query[] = [];
  const owner = {
    changed: () => undefined,
    arrived: (results: Results, from: number) => void arrived.push([results, from]),
    failed: (error: Refused | Unavailable) => {
      failed.push(error);
      return false;
    },
    corrected: (query: Query) => void corrected.push(query),
  };
  const session = new Session(owner, client, EMPTY);
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const nth = (at: number) => asked[at] ?? expect.unreachable(`question ${at} was not asked`);
  return { session, asked, nth, arrived, failed, corrected, settle };
}

describe('a newer question', () => {
  it('makes the answer of the older one worthless, whichever comes first', async () => {
    const { session, nth, arrived, settle } = searching();
    session.show(GOMA);
    session.show(BUKAVU);
    expect(nth(0).signal.aborted).toBe(true);
    nth(1).give.resolve(answer([item('bukavu')]));
    nth(0).give.resolve(answer([item('goma')]));
    await settle();
    expect(session.results?.items.map(({ id }) => id)).toEqual(['bukavu']);
    expect(arrived).toHaveLength(1);
  });

  it('ends the loading of more of the older one', async () => {
    const { session, nth, settle } = searching();
    session.show(GOMA);
    nth(0).give.resolve(answer([item('1')], { total: { value: 40, relation: 'eq' }, links: { next: '/v1/providers?cursor=x' } }));
    await settle();
    void session.more();
    session.show(BUKAVU);
    nth(2).give.resolve(answer([item('2')]));
    nth(1).give.resolve(answer([item('late')]));
    await settle();
    expect(session.results?.items.map(({ id }) => id)).toEqual(['2']);
    expect(session.loadingMore).toBe(false);
  });

  it('is not disturbed by "show more" of the older answer', async () => {
    const { session, asked, nth, settle } = searching();
    session.show(GOMA);
    nth(0).give.resolve(answer([item('1')], { links: { next: '/v1/providers?cursor=x' } }));
    await settle();
    session.show(BUKAVU);
    await session.more();
    expect(asked).toHaveLength(2);
    expect(nth(1).signal.aborted).toBe(false);
  });

  it('is not asked where only the view changes, on its way or answered', async () => {
    const { session, asked, nth, settle } = searching();
    session.show(GOMA);
    session.show({ ...GOMA, view: 'map' });
    nth(0).give.resolve(answer([item('1')]));
    await settle();
    session.show({ ...GOMA, view: 'list', open: '1' });
    expect(asked).toHaveLength(1);
    expect(session.query.open).toBe('1');
  });
});

describe('waiting', () => {
  it('is shown after 150 ms and explained after 4 s', async () => {
    const { session, nth, settle } = searching();
    session.show(GOMA);
    await vi.advanceTimersByTimeAsync(149);
    expect(session.busy).toBe('soon');
    await vi.advanceTimersByTimeAsync(1);
    expect(session.busy).toBe('shown');
    await vi.advanceTimersByTimeAsync(3850);
    expect(session.busy).toBe('slow');
    nth(0).give.resolve(answer([]));
    await settle();
    expect(session.busy).toBe('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps what was there until there is an answer, says so, and asks again by itself', async () => {
    const { session, nth, failed, settle } = searching();
    session.show(GOMA);
    nth(0).give.resolve(answer([item('kept')]));
    await settle();
    session.show(BUKAVU);
    nth(1).give.reject(new Unavailable('HTTP 503', 3));
    await settle();
    expect(session.results?.items.map(({ id }) => id)).toEqual(['kept']);
    expect(session.trouble).toMatchObject({ kind: 'waiting', told: false });
    expect(failed).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3000);
    nth(2).give.resolve(answer([item('new')]));
    await settle();
    expect(session.results?.items.map(({ id }) => id)).toEqual(['new']);
    expect(session.trouble).toBeNull();
  });

  it('ends with the page', async () => {
    const { session, nth, asked, settle } = searching();
    session.show(GOMA);
    nth(0).give.reject(new Unavailable('down'));
    await settle();
    session.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('more', () => {
  it('comes behind what is there, each listing once', async () => {
    const { session, nth, arrived, settle } = searching();
    session.show(GOMA);
    const first = answer([item('1'), item('2')], { total: { value: 3, relation: 'eq' }, links: { next: '/v1/providers?cursor=x' }, facets: { type: [] } });
    nth(0).give.resolve(first);
    await settle();
    void session.more();
    void session.more(); // pressed twice
    nth(1).give.resolve(answer([item('2'), item('3')]));
    await settle();
    expect(nth(1).params).toEqual({ link: '/v1/providers?cursor=x' });
    expect(session.results).toMatchObject({ total: 3, next: null, answer: first, facets: { type: [] } });
    expect(session.results?.items.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(session.query.pages).toBe(2);
    expect(arrived.map(([, from]) => from)).toEqual([0, 2]);
  });
});

describe('a refusal', () => {
  const refused = (allowed: readonly string[]) =>
    new Refused({ type: '', title: 'No', status: 400, detail: '', errors: [{ parameter: 'near', message: 'No.', allowed }] });

  it('is told, and not asked again', async () => {
    const { session, nth, asked, failed, settle } = searching();
    session.show(GOMA);
    nth(0).give.reject(refused([]));
    await settle();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(session.trouble?.kind).toBe('refused');
    expect(failed).toHaveLength(1);
    expect(asked).toHaveLength(1);
  });

  it('of a country as a place becomes a search in that country', async () => {
    const { session, nth, corrected, failed, settle } = searching();
    session.show({ ...EMPTY, where: { kind: 'words', text: 'Kenya' } });
    nth(0).give.reject(refused(['country=KE']));
    await settle();
    expect(failed).toEqual([]);
    expect(corrected).toMatchObject([{ where: { kind: 'anywhere' }, filters: { country: ['KE'] } }]);
  });
});

it('facets that the portal has decided are not asked for', () => {
  const { session, nth } = searching();
  session.hiddenFacets = ['network'];
  session.show(GOMA);
  expect(nth(0).params.facets?.split(',')).not.toContain('network');
  expect(nth(0).params.facets?.split(',')).toContain('language');
});

it('labels of what was counted are remembered in the reader’s language', async () => {
  const { session, nth, settle } = searching();
  session.show(GOMA);
  nth(0).give.resolve(answer([], { facets: { city: [facet('184745', 'Nairobi', 3)] } }));
  await settle();
  expect(session.label('place', '184745')).toBe('Nairobi');
  session.forgetLabels();
  expect(session.label('place', '184745')).toBe('184745');
});
