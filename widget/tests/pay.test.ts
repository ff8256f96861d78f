import { describe, expect, it } from 'vitest';
import type { Agreement, Way } from '../src/api/types';
import { Words } from '../src/i18n/words';
import { hasTariff, payLong, paymentsOf, payShort } from '../src/pay';

const agreement = (network: string, outpatient: Way, inpatient: Way, notice_days: number | null = null): Agreement => ({
  network,
  outpatient,
  inpatient,
  tariff: false,
  notice_days,
});
const en = new Words('en');
const said = (agreements: readonly Agreement[], words = en) =>
  (['outpatient', 'inpatient'] as const).map((setting) => paymentsOf(agreements, setting).map((way) => payShort(way, words)));

describe('how to pay', () => {
  it('is answered for both care settings, also where there is no agreement', () => {
    expect(said([])).toEqual([['You pay, then claim'], ['You pay, then claim']]);
  });

  it('is said in words, with the days of notice of a letter only', () => {
    expect(said([agreement('worldwide', 'card', 'guarantee_letter', 8)])).toEqual([['Your card'], ['Guarantee letter, 8 days']]);
    expect(said([agreement('worldwide', 'guarantee_letter', 'none', 1)])).toEqual([['Guarantee letter, 1 day'], ['You pay, then claim']]);
    expect(said([agreement('worldwide', 'guarantee_letter', 'card')])).toEqual([['Guarantee letter'], ['Your card']]);
  });

  it('leaves out what is suspended', () => {
    const suspended = { ...agreement('worldwide', 'card', 'card'), tariff: true, status: 'suspended' as const };
    expect(said([suspended])).toEqual([['You pay, then claim'], ['You pay, then claim']]);
    expect(said([suspended, agreement('essential', 'guarantee_letter', 'none')])).toEqual([['Guarantee letter'], ['You pay, then claim']]);
    expect(hasTariff([suspended])).toBe(false);
  });

  it('names no network where all networks pay alike', () => {
    const [payment] = paymentsOf([agreement('essential', 'card', 'card'), agreement('worldwide', 'card', 'card')], 'outpatient');
    expect(payment).toEqual({ way: 'card', noticeDays: null, networks: [] });
  });

  it('names the networks where they differ, the easiest way first', () => {
    const both = [agreement('essential', 'none', 'guarantee_letter', 14), agreement('worldwide', 'card', 'guarantee_letter', 2)];
    expect(paymentsOf(both, 'outpatient').map(({ way, networks }) => [way, ...networks])).toEqual([
      ['card', 'worldwide'],
      ['none', 'essential'],
    ]);
    expect(paymentsOf(both, 'inpatient').map(({ noticeDays }) => noticeDays)).toEqual([2, 14]);
  });

  it.each([
    ['fr', 7, 'Lettre de garantie', '7'],
    ['es', 7, 'Carta de garantía', '7'],
    ['ar', 2, 'خطاب ضمان', 'يومين'],
    ['ar', 7, 'خطاب ضمان', 'أيام'],
  ] as const)('in %s, %i days', (language, days, words, number) => {
    const text = payShort({ way: 'guarantee_letter', noticeDays: days, networks: [] }, new Words(language));
    expect(text).toContain(words);
    expect(text).toContain(number);
  });

  it('as a sentence that says what to do', () => {
    expect(payLong({ way: 'guarantee_letter', noticeDays: 8, networks: [] }, en)).toBe('Ask for a guarantee letter 8 days before you go.');
    expect(payLong({ way: 'card', noticeDays: null, networks: [] }, en)).toBe('Your card is accepted here.');
  });
});
