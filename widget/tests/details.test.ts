import { afterEach, describe, expect, it, vi } from 'vitest';
import { directionsTo } from '../src/parts/directions';
import { leave, open, plain, usual, type Answers, type Page } from './page';
import { answer, item } from './service';

afterEach(leave);

const egyptian = item('1', {
  name: 'Cairo Clinic',
  names: [
    { text: 'Cairo Clinic', lang: 'en', script: 'Latn' },
    { text: 'عيادة القاهرة', lang: 'ar', script: 'Arab' },
  ],
  address: '26 يوليو',
  city: 'القاهرة',
  city_label: 'القاهرة',
  country: 'EG',
  country_label: 'Egypt',
  time_zone: 'Africa/Cairo',
});
const with1 =
  (one: ReturnType<typeof item>): Answers =>
  (asked) =>
    asked.path === '/v1/providers' ? answer([one]) : asked.path === '/v1/providers/1' ? one : usual(asked);

async function opened(answers: Answers = with1(item('1')), attributes = {}): Promise<Page> {
  const page = await open(attributes, { answers });
  await page.press('.name a');
  return page;
}

describe('a provider', () => {
  it('opens with all that is known of it', async () => {
    const page = await opened();
    const dialog = page.one('dialog');
    expect(dialog.getAttribute('aria-labelledby')).toBe('ps-details-name');
    expect(page.text('#ps-details-name')).toBe('Clinic 1');
    expect([...dialog.querySelectorAll('h3')].map(plain)).toEqual([
      'How you pay',
      'Contact',
      'Opening hours',
      'Were you there? Did they take your card?',
    ]);
    for (const href of ['tel:+254700000000', 'mailto:desk@clinic.example', 'https://clinic.example/']) {
      expect(dialog.querySelector(`[href="${href}"]`)).not.toBeNull();
    }
    const said = plain(dialog);
    for (const part of [
      'Your card is accepted here.',
      'Ask for a guarantee letter 8 days before you go.',
      'Prices were negotiated for you.',
      'English, Swahili',
      'Monday 08:00–20:00',
      'Confirmed on 12 Aug 2026 by the network team',
    ]) {
      expect(said).toContain(part);
    }
  });

  it('shows numbers from left to right, whatever surrounds them', async () => {
    const page = await opened(with1(item('1')), { lang: 'ar' });
    const phone = page.one('dialog dd a[href^="tel:"] bdi');
    expect([phone.dir, phone.textContent]).toEqual(['ltr', '+254700000000']);
  });

  it('says what time it is there, where the reader’s clock shows another', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-25T18:30:00Z'), shouldAdvanceTime: true });
    const page = await opened();
    const said = plain(page.one('dialog'));
    // Half past nine in the evening in Nairobi.
    expect(said).toContain('Times of the place: it is 21:30 there.');
    expect(said).toContain('Closed now, opens tomorrow at 08:00');
    expect(plain(page.one('[aria-current=date]'))).toContain('Wednesday');
  });

  it('with hours that cannot be read shows them as they are, and claims nothing', async () => {
    const page = await opened(with1(item('1', { hours: 'by appointment' })));
    expect(plain(page.one('dialog'))).toContain('As the provider gives them: by appointment');
    expect(page.all('dialog .open, dialog .shut')).toEqual([]);
  });

  it('with a website that no browser should open gets no link', async () => {
    const page = await opened(with1(item('1', { website: 'javascript:alert(1)' })));
    expect(page.all('[href^="javascript"]')).toEqual([]);
  });

  it('is in the address, and closing it goes back to the list', async () => {
    const page = await open({}, { answers: with1(item('1')), hash: '#ps:where=Nairobi' });
    const back = vi.spyOn(history, 'back').mockImplementation(() => undefined);
    await page.press('.name a');
    expect(location.hash).toBe('#ps:where=Nairobi&open=1');
    await page.press('dialog .close');
    expect(page.all('dialog')).toEqual([]);
    expect(back).toHaveBeenCalledOnce();
    expect(page.searches()).toHaveLength(1);
  });

  it('that a shared link opens stays on this page when it is closed', async () => {
    const back = vi.spyOn(history, 'back').mockImplementation(() => undefined);
    const page = await open({}, { answers: with1(item('1')), hash: '#ps:where=Nairobi&open=1' });
    expect(page.text('#ps-details-name')).toBe('Clinic 1');
    await page.press('dialog .close');
    expect(back).not.toHaveBeenCalled();
    expect(location.hash).toBe('#ps:where=Nairobi');
  });

  it('that was merged leads to the one that took its place', async () => {
    const answers: Answers = (asked) => {
      if (asked.path === '/v1/providers/1') return { status: 410, title: 'Gone', detail: '', replaced_by: '2' };
      return asked.path === '/v1/providers/2' ? item('2') : answer([]);
    };
    const page = await open({}, { answers, hash: '#ps:open=1' });
    expect(page.text('[role=alert]')).toBe('This entry was replaced by another one.');
    await page.press('dialog > button');
    expect(page.text('#ps-details-name')).toBe('Clinic 2');
    expect(location.hash).toBe('#ps:open=2');
  });

  it('is shared without telling where the reader is', async () => {
    const shared: string[] = [];
    Object.defineProperty(navigator, 'share', { configurable: true, value: ({ url }: { url: string }) => void shared.push(url) });
    const page = await open({}, { answers: with1(item('1')), hash: '#ps:at=-1.28638,36.81722' });
    await page.press('.name a');
    const buttons = page.all('dialog .actions button');
    buttons.find((button) => plain(button) === 'Share')?.click();
    await page.settle();
    expect(shared).toHaveLength(1);
    expect(decodeURIComponent(shared[0] ?? '')).toContain('#ps:at=-1.29,36.82&open=1');
  });
});

describe('the card for a driver or a desk', () => {
  it('has name and address in the script of the place first, large', async () => {
    const page = await opened(with1(egyptian));
    await page.press('dialog .desk');
    expect(page.text('.desk-name')).toBe('عيادة القاهرة');
    expect(page.one('.desk-name bdi').lang).toBe('ar');
    expect(page.text('.desk-card')).toContain('Cairo Clinic');
    // Where the country is named in English too, it is so for the reader.
    expect(page.text('.desk-address')).toBe('26 يوليوالقاهرةEgyptمصر');
  });

  it('is that script’s also where the reader’s language shows it first', async () => {
    const page = await opened(with1({ ...egyptian, name: 'عيادة القاهرة' }));
    await page.press('dialog .desk');
    expect(page.text('.desk-name')).toBe('عيادة القاهرة');
  });

  it('is left again by its button, and the provider is still open', async () => {
    const page = await opened(with1(egyptian));
    await page.press('dialog .desk');
    await page.press('.sheet-bar button');
    expect(page.text('#ps-details-name')).toBe('Cairo Clinic');
  });
});

describe('a report', () => {
  const fill = (page: Page, kind: number | null, text = '', contact = '') => {
    const form = page.one('form.report') as HTMLFormElement;
    const radio = page.all('form.report [type=radio]')[kind ?? NaN] as HTMLInputElement | undefined;
    if (radio) radio.checked = true;
    (page.one('[name=text]') as HTMLTextAreaElement).value = text;
    (page.one('[name=contact]') as HTMLInputElement).value = contact;
    form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
    return page.settle();
  };
  const sent = (page: Page) => page.asked.filter(({ method }) => method === 'POST');

  it('says what is amiss before anything is sent', async () => {
    const page = await opened();
    await fill(page, null);
    expect(page.text('form.report [role=alert]')).toBe('Choose what is wrong.');
    expect(sent(page)).toEqual([]);
  });

  it('that the card was refused needs no more words', async () => {
    const page = await opened();
    await fill(page, 2);
    expect(sent(page).map(({ path, body }) => [path, body])).toEqual([['/v1/providers/1/reports', { kind: 'card_refused', text: '' }]]);
    expect(page.text('dialog [role=status]')).toBe('Thank you. Your report was received.');
  });

  it('of wrong details needs them, and a contact that can be reached', async () => {
    const page = await opened();
    await fill(page, 0);
    expect(page.text('form.report [role=alert]')).toBe('Say in a few words what is wrong.');
    await fill(page, 0, 'The phone is dead.', 'me at home');
    expect(page.text('form.report [role=alert]')).toContain('e-mail address or a phone number');
    expect(page.one('[name=contact]').getAttribute('aria-invalid')).toBe('true');
    expect(sent(page)).toEqual([]);
    await fill(page, 0, 'The phone is dead.', 'me@home.example');
    expect(sent(page)[0]?.body).toEqual({ kind: 'wrong_details', text: 'The phone is dead.', contact: 'me@home.example' });
  });

  it('that does not arrive is kept, and sent again as the same one', async () => {
    const keys: unknown[] = [];
    const page = await opened();
    const plainFetch = fetch;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      if (init.method === 'POST') keys.push((init.headers as Record<string, string>)['Idempotency-Key']);
      return plainFetch(url, init);
    });
    page.answer((asked) => (asked.method === 'POST' ? 503 : usual(asked)));
    await fill(page, 3, 'Strange.');
    expect(page.text('form.report [role=alert]')).toContain('Your words are kept');
    expect((page.one('[name=text]') as HTMLTextAreaElement).value).toBe('Strange.');
    page.answer((asked) => (asked.method === 'POST' ? {} : usual(asked)));
    await fill(page, 3, 'Strange.');
    expect(page.text('dialog [role=status]')).toContain('received');
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the way there', () => {
  const here = item('1', { name: 'A & B', location: { lat: -1.28, lon: 36.82, precision: 'exact' } });
  it.each([
    ['Mozilla/5.0 (Linux; Android 9)', 'geo:-1.28,36.82?q=-1.28,36.82(A%20%26%20B)'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 15)', 'https://maps.apple.com/?daddr=-1.28,36.82'],
    ['Mozilla/5.0 (X11; Linux)', 'https://www.openstreetmap.org/directions?to=-1.28%2C36.82'],
  ])('on %s', (agent, href) => expect(directionsTo(here, agent)).toBe(href));

  it('is not shown where no more than the city is known', () => {
    expect(directionsTo(item('1', { location: { lat: 0, lon: 0, precision: 'place' } }), '')).toBeNull();
    expect(directionsTo(item('1', { location: null }), '')).toBeNull();
  });
});
