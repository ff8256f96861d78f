/** How the member's plan pays: one verdict a care setting in the service's own words, and the way to ask for a letter. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Item, SettingVerdict, Setting } from '../api/types';
import type { Context } from '../context';
import { hasTariff, SETTINGS } from '../pay';
import { payment, shape } from './payment';

/** With a plan its verdict; without one what holds for who may have any. */
export function pay(context: Context, item: Item, long = false): TemplateResult {
  const { verdict } = item;
  if (!verdict) return payment(context, item, long);
  return html`<dl class="pay ${long ? 'pay-long' : ''}" part="payment">
      ${SETTINGS.map((setting) => box(context, item, setting, verdict[setting], long))}
    </dl>
    ${long && hasTariff(item.agreements) ? html`<p class="tariff">${context.words.say('tariffLong')}</p>` : nothing}`;
}

function box(context: Context, item: Item, setting: Setting, { value, sentence, ask_at: at }: SettingVerdict, long: boolean): TemplateResult {
  const { words } = context;
  const hint = setting === 'outpatient' ? 'outpatientHint' : 'inpatientHint';
  return html`<div class="pay-box pay-${value}">
    <dt>${words.say(setting)}${long ? html` <small>${words.say(hint)}</small>` : nothing}</dt>
    <dd>${shape(value)}<span>${sentence} ${at ? ask(context, item, at) : nothing}</span></dd>
  </div>`;
}

/** To the phone, or to what the service's page of the provider says of it. */
function ask({ words, client }: Context, { name }: Item, at: string): TemplateResult {
  const calls = at.startsWith('tel:');
  const said = words.say(calls ? 'callToAsk' : 'howToAsk');
  return html`<a
    class="ask"
    href=${calls ? at : client.page(at)}
    target=${calls ? nothing : '_blank'}
    rel=${calls ? nothing : 'noopener'}
    aria-label="${said}: ${name}${calls ? '' : ` (${words.say('newTab')})`}"
    >${said}</a
  >`;
}
