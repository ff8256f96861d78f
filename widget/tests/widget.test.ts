import { afterEach, describe, expect, it, vi } from 'vitest';
import { leave, open, plain, type, usual, type Answers } from './page';
import { answer, facet, item } from './service';
import type { Relaxation, SearchAnswer } from '../src/api/types';

afterEach(leave);

const facets = {
  type: [facet('clinic', 'Clinic', 7), facet('hospital', 'Hospital', 3)],
  settlement: [facet('outpatient:card', 'Outpatient: card accepted', 2), facet('inpatient:card', 'Inpatient: card accepted', 1)],
  tariff: [facet('true', 'Negotiated tariff', 4)],
};
const PAYMENT = ['How you pay Outpatient', 'How you pay Inpatient'];
const counted: Answers = (asked) =>
  asked.path === '/v1/providers' ? answer([item('1'), item('2')], { total: { value: 10, relation: 'eq' }, facets }) : usual(asked);

describe('shown', () => {
  it('it asks one question, and no second one before there is anything to show', async () => {
    const page = await open();
    expect(page.asked.map(({ path }) => path)).toEqual(['/v1/providers']);
    expect(page.all('article')).toHaveLength(2);
  });

  it('it begins where its attributes say', async () => {
    const page = await open({ country: 'cd', place: 'Goma', network: 'essential', key: 'pk_1' });
    expect(page.searches()[0]?.params).toMatchObject({ country: 'CD', near: 'Goma', network: 'essential', key: 'pk_1', lang: 'en' });
    expect(page.searches()[0]?.params.facets).not.toContain('network');
  });

  it('it begins where its address says, whatever its attributes say', async () => {
    const page = await open({ country: 'CD' }, { hash: '#ps:where=Bogot%C3%A1&type=clinic&pages=2' });
    expect(page.searches()[0]?.params).toMatchObject({ near: 'Bogotá', type: 'clinic', limit: '40' });
    expect(page.searches()[0]?.params).not.toHaveProperty('country');
  });

  it.each([
    ['country', 'KE', { country: 'KE' }],
    ['network', 'essential', { network: 'essential' }],
    ['lang', 'ar', { lang: 'ar' }],
    ['key', 'pk_2', { key: 'pk_2' }],
  ])('it follows its attribute %s', async (name, value, params) => {
    const page = await open();
    page.widget.setAttribute(name, value);
    await page.settle();
    expect(page.searches()).toHaveLength(2);
    expect(page.searches()[1]?.params).toMatchObject(params);
  });

  it('it says the number found, to eyes and to screen readers, with the place set apart', async () => {
    const page = await open({ place: 'nairobi' });
    expect(page.text('h2')).toBe('2 providers near Nairobi');
    expect(page.one('h2').querySelector('bdi')?.textContent).toBe('Nairobi');
    expect(page.text('p.hidden[role=status]')).toBe('2 providers near \u2068Nairobi\u2069');
  });

  it('it says "at least" where not all was counted, that filters are missing, and always offers a next page', async () => {
    const total = { value: 2, relation: 'gte' } as const;
    const next = { next: '/v1/providers?cursor=x' };
    const most: Answers = (asked) => ({
      ...(usual(asked) as SearchAnswer), total, degraded: true, facets_left_out: ['type'], links: next,
    });
    const page = await open({ place: 'nairobi' }, { answers: most });
    expect(page.text('h2')).toBe('At least 2 providers near Nairobi');
    expect(page.text('p.hidden[role=status]')).toBe('At least 2 providers near \u2068Nairobi\u2069');
    expect(page.text('p.banner')).toContain('Some filters are not shown');
    expect(page.text('.more')).toBe('Show 20 more');
  });

  it('it is right to left in Arabic, with names of other scripts set apart', async () => {
    const page = await open({ lang: 'ar' });
    expect(page.one('.root').dir).toBe('rtl');
    expect(page.one('.name').querySelector('bdi')?.textContent).toBe('Clinic 1');
  });

  it('it shows text of the directory as text', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const page = await open({}, { answers: () => answer([item('1', { name: evil, address: evil, city: evil })], { notice: evil }) });
    expect(page.all('img')).toEqual([]);
    expect(page.text('.name')).toBe(evil);
  });
});

describe('a card', () => {
  it('says name, kind, distance, address and how to pay for both kinds of care', async () => {
    const specialty_labels = ['Cardiology', 'Paediatrics', 'Surgery', 'Urology'];
    const page = await open({ place: 'Nairobi' }, { answers: (asked) => (asked.path === '/v1/providers' ? answer([item('1', { specialty_labels })]) : usual(asked)) });
    const said = page.text('article');
    for (const part of ['Clinic 1', 'Clinic · Cardiology, Paediatrics, +2', '1.4 km', 'Ngong Road', 'Confirmed on 12 Aug 2026']) {
      expect(said).toContain(part);
    }
    expect(page.all('.pay-box').map(plain)).toEqual([
      'Outpatient Your card',
      'Inpatient Guarantee letter, 8 days',
    ]);
    expect(page.one('a[href^="tel:"]').getAttribute('aria-label')).toBe('Call Clinic 1');
  });

  it('of a place that is known by its city only says so, and shows no way there', async () => {
    const vague = item('1', { location: { lat: 0, lon: 34, precision: 'place' }, city: 'Kisumu', distance_km: 3 });
    const page = await open({}, { answers: () => answer([vague]) });
    expect(page.text('.distance')).toBe('Somewhere in Kisumu');
    expect(page.all('a[target=_blank]')).toEqual([]);
  });

  it('of a suspended provider promises no way to pay', async () => {
    const page = await open({}, { answers: () => answer([item('1', { status: 'suspended' })]) });
    expect(page.text('article .caution')).toBe('Suspended for now');
    expect(page.all('.pay')).toEqual([]);
  });
});

describe('filters', () => {
  it('have counts, and a press asks for what the count says', async () => {
    const page = await open({}, { answers: counted, width: 1200 });
    expect(page.all('.facet legend').map(plain)).toEqual([
      'How you pay Outpatient',
      'How you pay Inpatient',
      'Prices',
      'Kind of provider',
    ]);
    const hospital = page.all('.check').find((label) => plain(label).includes('Hospital'));
    expect(hospital && plain(hospital)).toBe('Hospital 3');
    hospital?.querySelector('input')?.click();
    await page.settle();
    expect(page.searches()[1]?.params).toMatchObject({ type: 'hospital' });
    expect(location.hash).toBe('#ps:type=hospital');
  });

  it('of payment are one choice for each care setting, without counts that would not hold', async () => {
    const page = await open({}, { answers: counted, width: 1200, hash: '#ps:settlement=outpatient:card' });
    const [outpatient, inpatient] = page.all('.facet').map(plain);
    expect(outpatient).toBe('How you pay Outpatient Any way Your card 2 Guarantee letter 0 Card or guarantee letter 0 You pay, then claim 0');
    expect(inpatient).toBe('How you pay Inpatient Any way Your card Guarantee letter Card or guarantee letter You pay, then claim');
    page.all('.facet')[1]?.querySelectorAll('input')[1]?.click();
    await page.settle();
    expect(page.searches()[1]?.params.settlement).toBe('outpatient:card,inpatient:card');
  });

  it('that tell nothing apart are not offered', async () => {
    const alike = { type: [facet('clinic', 'Clinic', 10)], tariff: [facet('true', 'Negotiated tariff', 4)] };
    const page = await open({}, { answers: () => answer([item('1')], { total: { value: 10, relation: 'eq' }, facets: alike }), width: 1200 });
    expect(page.all('.facet legend').map(plain)).toEqual([...PAYMENT, 'Prices']);
  });

  it('of payment stay, with zeros, where nothing is found', async () => {
    const page = await open({}, { answers: () => answer([], { facets: { settlement: [] } }), width: 1200 });
    expect(page.all('.facet legend').map(plain)).toEqual(PAYMENT);
    expect(page.all('.facet .count').map(plain)).toEqual(Array(8).fill('0'));
  });

  it('of payment count nothing where nothing was counted', async () => {
    const page = await open({}, { answers: () => answer([item('1')]), width: 1200 });
    expect(page.all('.facet input')).toHaveLength(10);
    expect(page.all('.facet .count')).toEqual([]);
  });

  it('that are on are chips, and a press removes one or all', async () => {
    const page = await open({}, { answers: counted, hash: '#ps:type=clinic,hospital&tariff=true' });
    expect(page.all('.chip').map((chip) => chip.getAttribute('aria-label'))).toEqual([
      'Remove Clinic',
      'Remove Hospital',
      'Remove Negotiated tariff',
    ]);
    await page.press('.chip');
    expect(page.searches()[1]?.params).toMatchObject({ type: 'hospital', tariff: 'true' });
    await page.press('.chips .quiet');
    expect(page.searches()[2]?.params).not.toHaveProperty('type');
    expect(page.searches()[2]?.params).not.toHaveProperty('tariff');
  });

  it('on a phone are a sheet that says what it would show', async () => {
    const page = await open({}, { answers: counted });
    await page.press('.bar button:nth-of-type(3)');
    expect((page.one('dialog') as HTMLDialogElement).open).toBe(true);
    expect(page.text('.sheet-foot')).toBe('Show 10 providers');
    await page.press('.sheet-foot button');
    expect(page.all('dialog')).toEqual([]);
  });
});

describe('a search', () => {
  it('of all three fields goes out as one question, and is one step back', async () => {
    const page = await open();
    await page.press('.other');
    type(page.field('Where'), 'Goma');
    type(page.field('What kind of care'), 'teeth');
    type(page.field('Name'), 'kyeshero');
    const steps = history.length;
    (page.one('form') as HTMLFormElement).requestSubmit();
    await page.settle();
    expect(page.searches()[1]?.params).toMatchObject({ near: 'Goma', radius_km: '25', q: 'teeth kyeshero' });
    expect(history.length).toBe(steps + 1);
    expect(page.text('.fold')).toBe('teeth · kyeshero · Goma Change');
  });

  it('shows more behind what is there, and leads the focus to the first of it', async () => {
    const more = (asked: Parameters<Answers>[0]) =>
      asked.params.cursor
        ? answer([item('3')], { total: { value: 3, relation: 'eq' } })
        : answer([item('1'), item('2')], { total: { value: 3, relation: 'eq' }, links: { next: '/v1/providers?cursor=x' } });
    const page = await open({}, { answers: more });
    expect(page.text('.more')).toBe('Show 1 more');
    await page.press('.more');
    expect(page.all('article')).toHaveLength(3);
    expect(page.focused()?.getAttribute('data-id')).toBe('3');
    expect(location.hash).toBe('#ps:pages=2');
  });

  it('without a result says what to change, and what each change gives', async () => {
    const relaxations: Relaxation[] = [
      { parameter: 'radius_km', value: '50', label: 'Within 50 km', total: 12, relation: 'eq' },
      { parameter: 'q', value: null, label: 'Without the words', total: 1, relation: 'eq' },
      { parameter: 'network', value: null, label: 'In any network', total: 5, relation: 'eq' },
    ];
    const page = await open({ network: 'essential' }, { answers: () => answer([], { relaxations }), hash: '#ps:where=Goma&who=x' });
    expect(page.text('.relax h3')).toBe('No provider fits all of this');
    // The network is the portal's to decide.
    expect(page.all('.suggested').map(plain)).toEqual(['Within 50 km: 12 providers', 'Without the words: 1 provider']);
    await page.press('.suggested');
    expect(page.searches()[1]?.params).toMatchObject({ near: 'Goma', radius_km: '50', q: 'x' });
  });

  it('without a result and without a change that helps begins anew', async () => {
    const page = await open({}, { answers: () => answer([]), hash: '#ps:who=zzz' });
    expect(page.text('.suggested')).toBe('Start a new search');
    await page.press('.suggested');
    expect(page.searches()[1]?.params).not.toHaveProperty('q');
  });

  it.each([
    ['nothing as typed', 0, 2, 'Nothing here is spelled quite like that. These are spelled alike.'],
    ['some as typed', 1, 2, 'Names that are spelled alike are shown too.'],
    ['all as typed', 2, 2, null],
    ['nothing at all', 0, 0, null],
    ['a later page', null, 2, null],
  ])('of near spellings says what is so: %s', async (_, found_as_typed, value, said) => {
    const items = [item('1'), item('2')].slice(0, value);
    const page = await open({}, { answers: () => answer(items, { forgiving: true, found_as_typed }) });
    expect(page.all('.banner').map(plain)).toEqual(said ? [said] : []);
  });

  it('in a plainer form says so', async () => {
    const page = await open({}, { answers: () => answer([item('1')], { degraded: true }) });
    expect(page.text('.banner')).toContain('simpler form');
    expect(page.all('article')).toHaveLength(1);
  });

  it('of a place that nobody knows names those that are meant', async () => {
    const problem = { status: 400, title: '', detail: '', errors: [{ parameter: 'near', message: '', allowed: ['Goma'] }] };
    const page = await open({}, { answers: ({ params }) => (params.near === 'Gomma' ? problem : answer([])), hash: '#ps:where=Gomma' });
    expect(page.text('[role=alert]')).toContain('No place is called “Gomma”.');
    await page.press('.suggested');
    expect(page.searches()[1]?.params.near).toBe('Goma');
  });

  it('by a key that is not allowed blames nobody', async () => {
    const page = await open({}, { answers: () => ({ status: 403, title: 'No', detail: '' }) });
    expect(page.text('[role=alert]')).toContain('Its owner has to renew the key.');
  });
});

describe('where the service does not answer', () => {
  it('what was there stays, it is said plainly, and a press asks again', async () => {
    const page = await open({}, { answers: counted, width: 1200 });
    page.answer(() => 503);
    page.all('.check').find((label) => plain(label).includes('Hospital'))?.click();
    await page.settle();
    expect(page.all('article')).toHaveLength(2);
    expect(page.text('[role=alert]')).toContain('does not answer at the moment. What you see is from');
    page.answer(counted);
    await page.press('.caution button');
    expect(page.all('[role=alert]')).toEqual([]);
    expect(page.searches()).toHaveLength(3);
  });

  it('it is asked again by itself', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let down = true;
    const page = await open({}, { answers: (asked) => (down ? 503 : usual(asked)) });
    expect(page.text('[role=alert]')).toBe('The directory does not answer at the moment.');
    down = false;
    await vi.advanceTimersByTimeAsync(1000);
    await page.settle();
    expect(page.all('article')).toHaveLength(2);
  });
});

describe('the reader’s position', () => {
  const locate = vi.fn<(found: PositionCallback, failed: PositionErrorCallback) => void>();
  const opened = async () => {
    locate.mockReset();
    Object.defineProperty(navigator, 'geolocation', { configurable: true, value: { getCurrentPosition: locate } });
    return open();
  };

  it('is asked for on a press only, and rounded before it goes anywhere', async () => {
    const page = await opened();
    expect(locate).not.toHaveBeenCalled();
    await page.press('.near');
    locate.mock.calls[0]?.[0]({ coords: { latitude: -1.286389, longitude: 36.817223 } } as GeolocationPosition);
    await page.settle();
    expect(page.searches()[1]?.params).toMatchObject({ lat: '-1.286', lon: '36.817', radius_km: '25' });
    expect(page.text('h2')).toBe('2 providers near you');
  });

  it('that is refused is done without', async () => {
    const page = await opened();
    await page.press('.near');
    locate.mock.calls[0]?.[1]({ code: 1 } as GeolocationPositionError);
    await page.settle();
    expect(page.text('.form-notice')).toBe('Your position was not shared. Type a place instead.');
    expect(page.searches()).toHaveLength(1);
  });
});

it('nothing is stored: no cookie, no storage, no database', async () => {
  const stored = vi.spyOn(Storage.prototype, 'setItem');
  const page = await open({ place: 'Nairobi' }, { answers: counted });
  await page.press('.chip, .bar button:nth-of-type(3)');
  await page.press('.name a');
  expect(stored).not.toHaveBeenCalled();
  expect(document.cookie).toBe('');
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
});

it('two hundred searches leave no more behind than two', async () => {
  const page = await open({}, { answers: counted, width: 1200 });
  const count = () => page.all('*').length;
  const search = async (at: number) => {
    page.widget.setAttribute('country', at % 2 ? 'KE' : 'UG');
    await page.widget.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  for (let at = 0; at < 2; at++) await search(at);
  await page.settle();
  const before = count();
  for (let at = 0; at < 200; at++) await search(at);
  await page.settle();
  expect(page.searches().length).toBeGreaterThan(200);
  expect(count()).toBe(before);
}, 60_000);

it('a widget that leaves the page asks and listens no more', async () => {
  const page = await open({}, { answers: () => 503 });
  const before = page.asked.length;
  page.widget.remove();
  window.dispatchEvent(new Event('online'));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(page.asked).toHaveLength(before);
});
