/** How far a listing can be trusted, in a line: as the service says it, with our own number where that is the one to call. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Item } from '../api/types';

export function trustLine({ trust, phones }: Item): TemplateResult {
  const { kind, sentence, call } = trust;
  // Its own number stands beside the line already.
  const ours = call && !phones.includes(call) ? call : null;
  return html`<span class="trust ${kind}">${sentence}</span>${ours
    ? html` · <a href="tel:${ours.replaceAll(' ', '')}"><bdi dir="ltr">${ours}</bdi></a>`
    : nothing}`;
}
