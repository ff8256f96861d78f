/** Care by video or telephone, where the service says that it is another way on: a link, with nothing of the search. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Context } from '../context';
import type { Results } from '../session';

const SYSTEMS: Readonly<Record<string, string>> = { ios: 'iPhone', android: 'Android' };

export function telehealth({ words }: Context, { answer }: Results): TemplateResult | typeof nothing {
  const offer = answer.telehealth;
  if (!offer) return nothing;
  return html`<section class="telehealth" part="telehealth">
    <h3>${offer.label}</h3>
    <p>${offer.sentence}</p>
    <p><strong>${offer.caution}</strong> ${offer.spoken}</p>
    <div class="actions">
      ${[{ system: '', url: offer.url }, ...offer.apps].map(
        ({ system, url }) => html`<a class="button" href=${url} target="_blank" rel="noopener noreferrer"
          >${system ? (SYSTEMS[system] ?? system) : words.say('telehealthOpen')}</a>`,
      )}
    </div>
    <small>${words.say('telehealthNoData')}</small>
  </section>`;
}
