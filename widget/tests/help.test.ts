import { afterEach, describe, expect, it } from 'vitest';
import { leave, open, plain, usual, type Answers, type Page } from './page';
import { answer, item } from './service';

afterEach(leave);

const LINE = { number: '+442079460100', number_shown: '+44 20 7946 0100', toll_free: false, hours: '24/7', note: null };
const NOW = {
  call: LINE,
  sheet: { lang: 'fr', dir: 'ltr', title: 'Veuillez appeler', lines: ['Cette personne est assurée.'] },
  nearest: [item('7', { name: 'Other Clinic', distance_km: 2 })],
  letter: null,
  claim: 'Claim within 12 months.',
  keep_receipt: 'Keep the receipt.',
};

const having =
  (one: ReturnType<typeof item>): Answers =>
  (asked) => {
    const answers: Readonly<Record<string, unknown>> = {
      '/v1/providers': answer([one]),
      '/v1/providers/1': one,
      '/v1/providers/1/now': NOW,
      '/v1/contacts': { first: LINE },
    };
    return answers[asked.path] ?? usual(asked);
  };

async function opened(one: ReturnType<typeof item>): Promise<Page> {
  const page = await open({}, { answers: having(one) });
  await page.press('.name a');
  await page.settle();
  return page;
}

const CAUTION = { reports: 2, last_on: '2026-05-03', sentence: 'Refused our card lately: 2 reports, last on May 3' };
const SUSPENDED = {
  network: 'worldwide', outpatient: 'card', inpatient: 'card', tariff: false, notice_days: null,
  status: 'suspended', suspended_until: '2026-12-24', instead: 'Pay and claim.',
} as const;

describe('help at the desk', () => {
  it('shows the number of the country at once, and the rest when it is wanted', async () => {
    const page = await opened(item('1'));
    expect(page.one('.help-line a').getAttribute('href')).toBe('tel:+442079460100');
    expect(page.all('.refused .desk-card')).toHaveLength(0);
    (page.one('details.refused') as HTMLDetailsElement).open = true;
    page.one('details.refused').dispatchEvent(new Event('toggle'));
    await page.settle();
    const said = plain(page.one('details.refused'));
    for (const part of ['+44 20 7946 0100', 'Veuillez appeler', 'Other Clinic', 'Keep the receipt. Claim within 12 months.']) {
      expect(said).toContain(part);
    }
    expect(page.one('.refused .desk-card').getAttribute('lang')).toBe('fr');
  });

  it('warns on the card and in the details where others were refused, and names the others nearby', async () => {
    const page = await opened(item('1', { caution: CAUTION }));
    expect(plain(page.one('.card .caution'))).toContain('2 reports');
    await page.settle();
    expect(plain(page.one('provider-search-help'))).toContain('Other Clinic');
  });

  it('says until when a suspended agreement pays nothing, and what to do instead', async () => {
    const page = await opened(item('1', { agreements: [SUSPENDED] }));
    expect(plain(page.one('.card .caution'))).toContain('24 Dec 2026');
    await page.settle();
    expect(plain(page.one('provider-search-help .caution'))).toContain('Pay and claim.');
  });
});
