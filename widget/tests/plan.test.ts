import { afterEach, describe, expect, it } from 'vitest';
import { PIECES } from '../src/pieces';
import { fromFragment, insured, toFilters, toFragment, EMPTY } from '../src/query';
import { hasArea, NOBODY, readMine } from '../src/mine';
import { leave, open, plain, usual, type Answers } from './page';
import { answer, facet, item } from './service';

afterEach(leave);

const VERDICT = {
  outpatient: { value: 'card', sentence: 'Show your card.' },
  inpatient: { value: 'guarantee_letter', sentence: 'Ask for the letter by 6 December.', ask_at: '/search/1?plan=un_mip#letter' },
} as const;
const PLANS = [
  { code: 'un_mip', label: 'Mission staff', networks: ['worldwide'], duty: ['CD', 'KE'] },
  { code: 'local', label: 'Local staff', networks: ['local_staff'], duty: [] },
];
const ITEM = item('1', { verdict: VERDICT });

/** A service that knows plans. */
const known: Answers = ({ path, params }) => {
  if (path === '/v1/codes') return { plans: PLANS };
  const plan = PLANS.find(({ code }) => code === params.plan);
  if (path.startsWith('/v1/providers/')) return plan ? ITEM : item('1');
  if (path !== '/v1/providers') return usual({ path, params, method: 'GET', body: null });
  const said = plan ? { plan: plan.code, label: plan.label, duty: params.duty ?? null, duty_label: params.duty ? 'DR Congo' : null } : null;
  return answer([plan ? ITEM : item('1')], {
    takes_plan: true,
    insured: said,
    facets: params.duty ? { coverage: [facet('home', 'Country of duty', 1), facet('outside', 'Outside your area', 0)] } : {},
  });
};

const opened = async (attributes = {}, more = {}) => {
  await PIECES.plan.load();
  return open(attributes, { answers: known, ...more });
};

describe('how the member is insured', () => {
  it('is read from words of anybody, and what makes no sense is passed over', () => {
    expect(readMine('un_mip', 'cd', '2026-12-13', true)).toEqual({ plan: 'un_mip', duty: 'CD', on: '2026-12-13', kept: true });
    expect(readMine('<b>', 'CD', '', true)).toEqual(NOBODY);
    expect(readMine('un_mip', 'Congo', '2026-99-99', false)).toEqual({ plan: 'un_mip', duty: '', on: '', kept: false });
    expect(hasArea(NOBODY)).toBe(false);
  });

  it('stands in every question, and in the address only where the member wishes so', () => {
    const mine = { plan: 'un_mip', duty: 'CD', on: '', kept: false };
    expect(toFilters(insured(EMPTY, mine))).toEqual({ plan: 'un_mip', duty: 'CD' });
    expect(toFragment(insured(EMPTY, mine))).toBe('');
    expect(toFragment(insured(EMPTY, { ...mine, kept: true }))).toBe('plan=un_mip&duty=CD');
    expect(fromFragment('plan=un_mip&duty=CD').mine).toEqual({ ...mine, kept: true });
  });

  it('takes the filter on an area away with the area', () => {
    const area = insured({ ...EMPTY, filters: { ...EMPTY.filters, coverage: ['home'] } }, { ...NOBODY, plan: 'local' });
    expect(area.filters.coverage).toEqual([]);
  });
});

describe('a plan', () => {
  it('that the portal says goes with every question and gives one verdict a box', async () => {
    const page = await opened({ plan: 'un_mip', duty: 'CD' });
    expect(page.searches()[0]?.params).toMatchObject({ plan: 'un_mip', duty: 'CD' });
    expect(page.searches()[0]?.params.facets).toContain('coverage');
    expect(page.all('.pay-box').map(plain)).toEqual(['Outpatient Show your card.', 'Inpatient Ask for the letter by 6 December. How to ask']);
    expect(page.all('.pay-box').map(({ className }) => className)).toEqual(['pay-box pay-card', 'pay-box pay-guarantee_letter']);
    expect(page.one('.ask').getAttribute('href')).toBe('https://directory.example/search/1?plan=un_mip#letter');
    expect(page.text('.mine button')).toContain('Your plan: Mission staff · DR Congo');
    expect(location.hash).toBe('');
  });

  it('is asked for once, and used for the visit', async () => {
    const page = await opened();
    expect(page.text('.mine button')).toContain('Payment depends on your plan.');
    expect(page.searches()[0]?.params.facets).not.toContain('coverage');
    await page.press('.mine button');
    await page.settle();
    const select = page.one('select[name=plan]') as HTMLSelectElement;
    select.value = 'un_mip';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await page.settle();
    const duty = page.one('select[name=duty]') as HTMLSelectElement;
    duty.value = 'CD';
    duty.dispatchEvent(new Event('change', { bubbles: true }));
    await page.settle();
    page.one('form.plan-form').dispatchEvent(new Event('submit', { cancelable: true }));
    await page.settle();
    expect(page.searches().at(-1)?.params).toMatchObject({ plan: 'un_mip', duty: 'CD' });
    expect(page.all('provider-search-plan')).toEqual([]);
    expect(page.text('.pay-box')).toContain('Show your card.');
    expect(location.hash).not.toContain('plan');
    // Every other question of the visit has it too.
    await page.press('article a[data-id]');
    expect(page.asked.filter(({ path }) => path === '/v1/providers/1').at(-1)?.params).toMatchObject({ plan: 'un_mip', duty: 'CD' });
  });

  it('in the address is read from there', async () => {
    const page = await opened({}, { hash: '#ps:plan=local' });
    expect(page.searches()[0]?.params.plan).toBe('local');
  });

  it('that the service does not know is let go, and asked for anew', async () => {
    const gone: Answers = (asked) =>
      asked.params.plan === 'gone_plan' ? { status: 400, type: '', title: '', detail: '', errors: [{ parameter: 'plan', message: '', allowed: [] }] } : known(asked);
    const page = await opened({}, { hash: '#ps:plan=gone_plan', answers: gone });
    expect(page.searches().map(({ params }) => params.plan)).toEqual(['gone_plan', undefined]);
    expect(page.text('.mine button')).toContain('Say your plan');
  });

  it('is not asked for where the service has none', async () => {
    const page = await open({});
    expect(page.all('.mine')).toEqual([]);
  });
});

describe('without a plan', () => {
  it('one way that is not that of every plan says so', async () => {
    const depends_on_plan = { outpatient: true, inpatient: false };
    const page = await open({}, { answers: () => answer([item('1', { depends_on_plan })]) });
    expect(page.all('.pay-box').map(plain)).toEqual(['Outpatient Your card · some plans', 'Inpatient Guarantee letter, 8 days']);
  });

  it('networks that differ are a range, in one box without their names', async () => {
    const agreement = (network: string, outpatient: 'card' | 'none', notice_days: number) => ({ network, outpatient, inpatient: 'guarantee_letter' as const, tariff: false, notice_days });
    const agreements = [agreement('worldwide', 'card', 7), agreement('essential', 'none', 10)];
    const page = await open({}, { answers: () => answer([item('1', { agreements })]) });
    expect(page.all('.pay-box').map(plain)).toEqual(['Outpatient card or pay and claim: depends on your plan', 'Inpatient Guarantee letter, 10 days']);
    expect(page.one('.pay-box').className).toContain('pay-range');
  });
});

describe('borders and areas', () => {
  const border = { country: 'RW', sentence: '3 km away, but across the border, in Rwanda: outside your area' };
  const outside = { value: 'outside', label: 'Outside your area', sentence: 'Outside your area: paid only up to …' } as const;
  const outside_area = { place: 'Gisenyi', sentences: ['The limit.', 'Emergencies.', 'Evacuation.'] };

  it('are said on a card, once', async () => {
    const items = [item('1', { across_border: border, coverage: outside }), item('2', { coverage: outside }), item('3', { coverage: { ...outside, value: 'home' } })];
    const page = await open({}, { answers: () => answer(items) });
    expect(page.all('article .area').map(plain)).toEqual([border.sentence, 'Outside your area']);
  });

  it.each([400, 1200])('a place outside is told in three sentences, in a window of %i pixels', async (width) => {
    const page = await open({}, { answers: () => answer([item('1')], { outside_area }), width });
    expect(page.text('.outside')).toBe(width === 400 ? 'The limit. Emergencies and evacuationEmergencies.Evacuation.' : 'The limit.Emergencies.Evacuation.');
  });

  it('are a filter that stays with zeros', async () => {
    const page = await opened({ plan: 'un_mip', duty: 'CD' }, { width: 1200 });
    expect(page.all('aside fieldset').map(plain).find((said) => said.startsWith('Your area'))).toContain('Outside your area 0');
  });
});
