import { afterEach, describe, expect, it } from 'vitest';
import type { SearchAnswer } from '../src/api/types';
import { SomewhereList } from '../src/parts/somewhere';
import type { Context } from '../src/context';
import { Words } from '../src/i18n/words';
import { EMPTY, sortOf, toParams } from '../src/query';
import { leave, open, usual, type Answers } from './page';
import { answer, item } from './service';

afterEach(leave);

const FAR = item('7', { distance_km: 61.2, agreements: [] });
const CARD = item('8', { distance_km: 80.5, phones: ['+254711000008'] });

function nothingBut(change: Partial<SearchAnswer>): Answers {
  return (asked) => (asked.path === '/v1/providers' ? answer([], change) : usual(asked));
}

describe('where nothing is within the radius', () => {
  it('the nearest and the nearest with the card stand there, with distance, way to pay and phone', async () => {
    const page = await open({ place: 'Goma' }, { answers: nothingBut({ nearest: { any: FAR, card: CARD } }) });
    expect(page.all('.nearest h3').map((heading) => heading.textContent.trim())).toEqual([
      'The nearest that fits',
      'Clinic 7',
      'The nearest that takes your card',
      'Clinic 8',
    ]);
    expect(page.text('.nearest')).toContain('61');
    expect(page.all('.nearest .pay-card')).toHaveLength(1);
    expect(page.all('.nearest a.call').map((link) => link.getAttribute('href'))).toContain('tel:+254711000008');
  });

  it('one that is both is shown once', async () => {
    const page = await open({ place: 'Goma' }, { answers: nothingBut({ nearest: { any: CARD, card: CARD } }) });
    expect(page.all('.nearest article')).toHaveLength(1);
    expect(page.text('.nearest')).toContain('and it takes your card');
  });

  it('the helpline can be dialled', async () => {
    const page = await open({}, { answers: nothingBut({ nearest: null, helpline: '+254 20 366 2000' }) });
    expect(page.one('.nearest a.call').getAttribute('href')).toBe('tel:+254203662000');
  });

  it('nothing is said of it where something was found, or nothing fits anywhere', async () => {
    const found = await open();
    expect(found.all('.nearest')).toHaveLength(0);
    leave();
    const none = await open({}, { answers: nothingBut({ nearest: null, helpline: null }) });
    expect(none.all('.nearest')).toHaveLength(0);
  });
});

it('what only its city places has no number of the map', async () => {
  const vague = item('2', { location: { lat: -1.28, lon: 36.82, precision: 'place' }, distance_km: null });
  const answers: Answers = (asked) => (asked.path === '/v1/providers' ? answer([item('1'), vague]) : usual(asked));
  const page = await open({}, { answers, width: 1200 });
  expect(page.all('article .number').map((each) => each.textContent)).toEqual(['1']);
});

it('what only its city places stands in a list below the map, city by city', async () => {
  const list = new SomewhereList();
  list.context = { words: new Words('en'), query: EMPTY, link: () => '#', open: () => undefined } as unknown as Context;
  const payment = { outpatient: 'Your card is accepted', inpatient: '' };
  const listings = [{ id: '2', name: 'Unity Clinic', type_label: 'Clinic', payment }];
  list.somewhere = { total: 3, cities: [{ place: '184745', city: 'Nairobi', count: 3, listings }] };
  document.body.append(list);
  await list.updateComplete;
  const said = list.textContent.replace(/\s+/g, ' ');
  expect(said).toContain('Somewhere in Nairobi 3');
  expect(said).toContain('Unity Clinic Clinic · Your card is accepted +2');
  list.remove();
});

it('without words and point what is known best comes first, not the first by name', () => {
  expect(sortOf(EMPTY)).toBe('relevance');
  expect(toParams(EMPTY).sort).toBe('relevance');
  expect(toParams({ ...EMPTY, sort: 'name' }).sort).toBe('name');
});
