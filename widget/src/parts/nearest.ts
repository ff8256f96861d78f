/** Where nothing is within the radius: what is nearest beyond it, and whom to call. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Item } from '../api/types';
import type { Context } from '../context';
import { rich } from '../i18n/rich';
import type { Results } from '../session';
import { card } from './card';

export function nearest(context: Context, { answer, total }: Results, now: number): TemplateResult | typeof nothing {
  const { nearest: found, helpline } = answer;
  if (total || !(found ?? helpline)) return nothing;
  return html`<section class="nearest" part="nearest">
    ${headed(found?.any ?? null, found?.card ?? null).map(
      ([heading, item]) => html`<h3>${context.words.say(heading)}</h3>
        ${card(context, { item, name: item.name, number: null, active: false, now, onPoint: () => undefined })}
        ${item.phones.slice(0, 1).map((phone) => html`<p>${call(phone)}</p>`)}`,
    )}
    ${helpline ? html`<p>${rich(context.words.sentence('helpline'), { phone: call(helpline) })}</p>` : nothing}
  </section>`;
}

/** The two are often one. */
function headed(any: Item | null, card: Item | null): (readonly ['nearestFits' | 'nearestCard' | 'nearestBoth', Item])[] {
  if (any && any.id === card?.id) return [['nearestBoth', any]];
  return [...(any ? [['nearestFits', any] as const] : []), ...(card ? [['nearestCard', card] as const] : [])];
}

function call(number: string): TemplateResult {
  const [dialled = number] = number.split(';ext=');
  return html`<a class="call" href="tel:${number.replaceAll(' ', '')}"><bdi dir="ltr">${dialled}</bdi></a>`;
}
