/** What only its city places is no pin: a list below the map, city by city, of what is in the view. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Context } from '../context';
import { define } from '../define';
import { bdi, rich } from '../i18n/rich';
import type { Somewhere, SomewhereCity } from '../map/contract';

export class SomewhereList extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property({ attribute: false }) somewhere: Somewhere | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.somewhere?.total) return nothing;
    return html`${this.somewhere.cities.map((city) => this.#city(city))}`;
  }

  #city({ city, count, listings }: SomewhereCity): TemplateResult {
    const { words, open, link, query } = this.context;
    const more = count - listings.length;
    return html`<details class="somewhere">
      <summary>
        <span class="ring" aria-hidden="true"></span>
        ${city ? rich(words.sentence('somewhereIn'), { city: bdi(city) }) : words.say('somewhereInArea')}
        <span class="count">${words.number(count)}</span>
      </summary>
      <ul>
        ${listings.map(({ id, name, type_label: what, payment }) => {
          const show = (event: MouseEvent) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
            event.preventDefault();
            open(id);
          };
          return html`<li>
            <a href=${link({ ...query, open: id })} @click=${show}>${bdi(name)}</a>
            <small>${[what, payment.outpatient].filter(Boolean).join(' · ')}</small>
          </li>`;
        })}
        ${more > 0 ? html`<li><small>${words.many('andMore', more)}</small></li>` : nothing}
      </ul>
    </details>`;
  }
}

define('provider-search-somewhere', SomewhereList);

declare global {
  interface HTMLElementTagNameMap {
    'provider-search-somewhere': SomewhereList;
  }
}
