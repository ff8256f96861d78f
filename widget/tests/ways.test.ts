import { afterEach, describe, expect, it } from 'vitest';
import type { Telehealth, Trust } from '../src/api/types';
import { leave, open, usual, type Answers, type Page } from './page';
import { answer, item } from './service';

afterEach(leave);

const HELPLINE = '+254 20 366 2000';
const OFFER: Telehealth = {
  label: 'See a doctor by video or phone',
  sentence: 'Nobody suitable was found here.',
  caution: 'Not for emergencies.',
  spoken: 'Languages: English',
  url: 'https://telehealth.example/book',
  apps: [{ system: 'android', url: 'https://telehealth.example/android' }],
};

function trusted(trust: Trust, change = {}): Answers {
  const one = item('1', { trust, ...change });
  return (asked) => (asked.path === '/v1/providers' ? answer([one]) : asked.path === '/v1/providers/1' ? one : usual(asked));
}

/** Opens a provider whose visits are answered so. */
async function visited(heard: object): Promise<Page> {
  const page = await open(
    {},
    {
      answers: (asked) =>
        asked.path.endsWith('/visits') ? heard : asked.path === '/v1/providers/1' ? item('1') : usual(asked),
    },
  );
  await page.press('.name a');
  return page;
}

describe('how far a listing can be trusted', () => {
  it('is said on the card as the service says it', async () => {
    const page = await open({}, { answers: trusted({ kind: 'old', sentence: 'Not confirmed since 2024: call first', call: '+254700000000' }) });
    expect(page.text('.card .facts')).toContain('Not confirmed since 2024: call first');
    // Its own number is the button beside it.
    expect(page.all('.card .facts a')).toHaveLength(0);
  });

  it('has our number where it has none', async () => {
    const page = await open({}, { answers: trusted({ kind: 'never', sentence: 'Not confirmed yet: call first', call: HELPLINE }, { phones: [] }) });
    expect(page.one('.card .facts a').getAttribute('href')).toBe('tel:+254203662000');
  });
});

describe('one tap after a visit', () => {
  it('thanks for a yes', async () => {
    const page = await visited({ card: true, counted: true, sentence: 'Thank you.', report: null });
    await page.press('provider-search-visit button');
    expect(page.text('provider-search-visit [role=status]')).toBe('Thank you.');
    expect(page.all('provider-search-visit button')).toHaveLength(0);
  });

  it('leads from a no to the report, with its kind chosen', async () => {
    const page = await visited({ card: false, counted: true, sentence: 'Sorry.', report: 'card_refused' });
    await page.press('provider-search-visit button:nth-of-type(2)');
    await page.press('provider-search-visit [role=status] button');
    expect((page.one('details.tells') as HTMLDetailsElement).open).toBe(true);
    expect((page.one('input[value=card_refused]') as HTMLInputElement).checked).toBe(true);
  });
});

describe('telehealth', () => {
  it('is a link and no word of the search', async () => {
    const page = await open({}, { answers: (asked) => (asked.path === '/v1/providers' ? answer([], { telehealth: OFFER }) : usual(asked)) });
    const links = page.all('.telehealth a').map((link) => [link.getAttribute('href'), link.textContent.trim()]);
    expect(links).toEqual([
      ['https://telehealth.example/book', 'Open the booking page'],
      ['https://telehealth.example/android', 'Android'],
    ]);
    expect(page.text('.telehealth')).toContain('Not for emergencies.');
  });

  it('is not there where the service offers none', async () => {
    const page = await open();
    expect(page.all('.telehealth')).toHaveLength(0);
  });
});
