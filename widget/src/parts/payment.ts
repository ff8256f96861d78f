/** "How do I pay?": always in the same place, always for both care settings, always in words; one verdict a box. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Item, Setting, Way } from '../api/types';
import type { Context } from '../context';
import { hasTariff, payLong, payRange, paymentsOf, payShort, SETTINGS } from '../pay';

const SHAPES: Readonly<Record<Way | 'range', TemplateResult<2>>> = {
  range: svg`<path stroke-linecap="round" stroke-width="3" d="M2.5 8h.1M8 8h.1M13.4 8h.1" />`,
  card: svg`<path d="M2.5 8.5 6 12l7.5-8" />`,
  guarantee_letter: svg`<path d="M1.5 3.5h13v9h-13zM2 4l6 5 6-5" />`,
  none: svg`<path d="M1.5 4h13v8h-13z" /><circle cx="8" cy="8" r="1.9" />`,
};

type Paying = Pick<Item, 'agreements' | 'depends_on_plan'>;

/** Both boxes; `long`: as sentences that say what to do. */
export function payment(context: Context, item: Paying, long = false): TemplateResult {
  const { words } = context;
  return html`<dl class="pay ${long ? 'pay-long' : ''}" part="payment">
      ${SETTINGS.map((setting) => box(context, item, setting, long))}
    </dl>
    ${long && hasTariff(item.agreements) ? html`<p class="tariff">${words.say('tariffLong')}</p>` : nothing}`;
}

function box(context: Context, { agreements, depends_on_plan: depends }: Paying, setting: Setting, long: boolean): TemplateResult {
  const { words } = context;
  const payments = paymentsOf(agreements, setting);
  const hint = setting === 'outpatient' ? 'outpatientHint' : 'inpatientHint';
  const ways = [...new Set(payments.map(({ way }) => way))];
  const [first] = ways;
  // The easiest come first: of one way the last asks for the most care, which is in time for all.
  const only = payments.at(-1);
  const one = first && only && ways.length === 1;
  const said = one ? (long ? payLong(only, words) : payShort(only, words)) : payRange(ways, words);
  const kind = one ? first : 'range';
  return html`<div class="pay-box pay-${kind}">
    <dt>${words.say(setting)}${long ? html` <small>${words.say(hint)}</small>` : nothing}</dt>
    <dd>${shape(kind)}<span>${said}${one && depends?.[setting] ? html` <small>· ${words.say('somePlans')}</small>` : nothing}</span></dd>
  </div>`;
}

/** A sign beside the words. */
export function shape(kind: Way | 'range'): TemplateResult {
  return html`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[kind]}</svg>`;
}
