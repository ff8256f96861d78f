/** Borders, and the member's area: what a card says of them, and what holds where the searched place lies outside. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Item, OutsideArea } from '../api/types';
import type { Context } from '../context';

/** On a card: nothing for what is in the country that was searched, or at home. */
export function area({ coverage, across_border: border }: Item): TemplateResult | typeof nothing {
  const outside = coverage?.value === 'outside';
  const label = coverage && (coverage.value === 'regional' || (outside && !border)) ? coverage.label : '';
  const said = [border?.sentence ?? '', label].filter(Boolean).join(' · ');
  return said ? html`<p class="area ${outside || border ? 'area-outside' : ''}">${said}</p>` : nothing;
}

/** Of one provider: as a sentence. */
export function areaLong({ coverage }: Item): TemplateResult | typeof nothing {
  if (!coverage) return nothing;
  return html`<p class="area ${coverage.value === 'outside' ? 'area-outside' : ''}">${coverage.sentence}</p>`;
}

/** Three sentences; on a phone the first, and a tap to the others, so that the first card stands on the first screen. */
export function outside({ layout, words }: Context, area: OutsideArea | null | undefined): TemplateResult | typeof nothing {
  if (!area) return nothing;
  const [limit = '', ...others] = area.sentences;
  const rest = html`<ul>${others.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
  if (layout !== 'phone') return html`<div class="banner outside" part="outside" role="status"><p>${limit}</p>${rest}</div>`;
  return html`<div class="banner outside" part="outside" role="status">
    <p>${limit}</p>
    <details><summary>${words.say('outsideMore')}</summary>${rest}</details>
  </div>`;
}
