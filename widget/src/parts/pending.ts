/** In the place of a piece that is on its way, or could not be loaded. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../i18n/words';
import type { Piece } from '../piece';

/** `close`: leaves what needs the piece. `failure`: what is said instead of the usual sentence. */
export function pending(
  words: Words,
  pieces: readonly Piece<unknown>[],
  close: (() => void) | null = null,
  failure = words.say('pieceFailed'),
): TemplateResult {
  const failed = pieces.filter((piece) => piece.failed);
  const again = () => failed.forEach((piece) => piece.again());
  const leave = close ? html`<button type="button" @click=${close}>${words.say('close')}</button>` : nothing;
  if (!failed.length) return html`<p class="banner" role="status">${words.say('loading')} ${leave}</p>`;
  return html`<div class="banner">
    <p role="alert">${failure}</p>
    <p><button type="button" @click=${again}>${words.say('tryNow')}</button> ${leave}</p>
  </div>`;
}
