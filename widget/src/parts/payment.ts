/** "How do I pay?": always in the same place, always for both care settings, always in words. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Agreement, Setting, Way } from '../api/types';
import type { Context } from '../context';
import { bdi } from '../i18n/rich';
import { hasTariff, payLong, paymentsOf, payShort, SETTINGS, type Payment } from '../pay';

const SHAPES: Readonly<Record<Way, TemplateResult<2>>> = {
  card: svg`<path d="M2.5 8.5 6 12l7.5-8" />`,
  guarantee_letter: svg`<path d="M1.5 3.5h13v9h-13zM2 4l6 5 6-5" />`,
  none: svg`<path d="M1.5 4h13v8h-13z" /><circle cx="8" cy="8" r="1.9" />`,
};

/** Both boxes; `long`: as sentences that say what to do. */
export function payment(context: Context, agreements: readonly Agreement[], long = false): TemplateResult {
  const { words } = context;
  return html`<dl class="pay ${long ? 'pay-long' : ''}" part="payment">
      ${SETTINGS.map((setting) => box(context, agreements, setting, long))}
    </dl>
    ${long && hasTariff(agreements) ? html`<p class="tariff">${words.say('tariffLong')}</p>` : nothing}`;
}

function box(context: Context, agreements: readonly Agreement[], setting: Setting, long: boolean): TemplateResult {
  const { words } = context;
  const payments = paymentsOf(agreements, setting);
  const hint = setting === 'outpatient' ? 'outpatientHint' : 'inpatientHint';
  return html`<div class="pay-box pay-${payments[0]?.way ?? 'none'}">
    <dt>${words.say(setting)}${long ? html` <small>${words.say(hint)}</small>` : nothing}</dt>
    ${payments.map((each) => way(context, each, long))}
  </div>`;
}

function way(context: Context, payment: Payment, long: boolean): TemplateResult {
  const { words } = context;
  const networks = words.list(payment.networks.map((code) => context.label('network', code)));
  return html`<dd>
    <svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[payment.way]}</svg>
    <span
      >${long ? payLong(payment, words) : payShort(payment, words)}${networks
        ? html` <small>${bdi(networks)}</small>`
        : nothing}</span
    >
  </dd>`;
}
