import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProviderSearch } from '../src/provider-search';
import { leave, open, type, usual } from './page';
import { answer, item } from './service';

afterEach(leave);

/** Hears one kind of event; `prevent` cancels those it is true of. */
function hear(name: string, prevent: (event: CustomEvent<Record<string, unknown>>) => boolean = () => false) {
  const heard: CustomEvent<Record<string, unknown>>[] = [];
  const before = (widget: ProviderSearch) =>
    widget.addEventListener(name, (event) => {
      const custom = event as CustomEvent<Record<string, unknown>>;
      heard.push(custom);
      if (prevent(custom)) event.preventDefault();
    });
  return { heard, before };
}

describe('provider-search:search', () => {
  it('tells each question before it goes out, in the interface’s parameters', async () => {
    const { heard, before } = hear('provider-search:search');
    const page = await open({ place: 'Goma' }, { before });
    expect(heard.map(({ detail }) => detail)).toEqual([{ parameters: { near: 'Goma', radius_km: '25' } }]);
    expect(heard[0]).toMatchObject({ bubbles: true, composed: true, cancelable: true });
    await page.press('.name a');
    await page.press('.bar button:nth-of-type(2)');
    // Opening a listing or the map is no other question.
    expect(heard).toHaveLength(1);
  });

  it('that is cancelled does not search: list, address and what was typed stay', async () => {
    const { heard, before } = hear('provider-search:search', ({ detail }) => JSON.stringify(detail).includes('Bukavu'));
    const page = await open({ place: 'Goma' }, { before });
    const address = location.href;
    type(page.field('Where'), 'Bukavu');
    await page.settle();
    (page.one('form') as HTMLFormElement).requestSubmit();
    await page.settle();
    expect(heard).toHaveLength(2);
    expect(page.searches()).toHaveLength(1);
    expect(page.all('article')).toHaveLength(2);
    expect(location.href).toBe(address);
    expect(page.field('Where').value).toBe('Bukavu');
  });

  it('that is cancelled at the beginning leaves the form to be used', async () => {
    const { before } = hear('provider-search:search', () => true);
    const page = await open({ place: 'Goma' }, { before });
    expect(page.asked).toEqual([]);
    expect(page.field('Where').value).toBe('Goma');
  });
});

describe('provider-search:select', () => {
  it('tells which listing a member opens', async () => {
    const { heard, before } = hear('provider-search:select');
    const page = await open({}, { before });
    await page.press('.name a');
    expect(heard.map(({ detail }) => detail)).toEqual([{ id: '1' }]);
    expect(page.all('dialog')).toHaveLength(1);
  });

  it('that is cancelled does not open', async () => {
    const { before } = hear('provider-search:select', () => true);
    const page = await open({}, { before });
    await page.press('.name a');
    expect(page.all('dialog')).toEqual([]);
    expect(page.asked.map(({ path }) => path)).toEqual(['/v1/providers']);
    expect(location.hash).toBe('');
  });

  it('is not told of what the address opens', async () => {
    const { heard, before } = hear('provider-search:select');
    const page = await open({}, { before, hash: '#ps:open=1' });
    expect(page.all('dialog')).toHaveLength(1);
    expect(heard).toEqual([]);
  });
});

describe('provider-search:error', () => {
  it('tells each failure, of a service that is away and of one that says no', async () => {
    const away = hear('provider-search:error');
    await open({}, { answers: () => 503, before: away.before });
    expect(away.heard.map(({ detail }) => detail)).toEqual([{ kind: 'unavailable', message: 'HTTP 503' }]);
    leave();
    const no = hear('provider-search:error');
    const problem = { status: 403, title: 'This origin is not allowed', detail: '' };
    await open({}, { answers: () => problem, before: no.before });
    expect(no.heard.map(({ detail }) => detail)).toEqual([{ kind: 'refused', message: 'This origin is not allowed' }]);
  });

  it('that is cancelled is the portal’s to tell; the widget asks again all the same', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { before } = hear('provider-search:error', () => true);
    let down = true;
    const page = await open({}, { answers: (asked) => (down ? 503 : usual(asked)), before });
    expect(page.all('.banner')).toEqual([]);
    down = false;
    await vi.advanceTimersByTimeAsync(1000);
    await page.settle();
    expect(page.all('article')).toHaveLength(2);
  });
});

describe('from one widget to another on a page', () => {
  it('each has its own address', async () => {
    const page = await open({ id: 'second' }, { answers: () => answer([item('1')]) });
    await page.press('.bar button:nth-of-type(2)');
    expect(location.hash).toBe('#ps-second:view=map');
  });
});
