/** One tap after a visit: did they take the card? A refusal leads on to the report that tells more of it. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Context } from '../context';
import { define } from '../define';

export class Visit extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property() listing = '';
  @state() private stage: 'asking' | 'sending' | 'heard' | 'failed' = 'asking';
  @state() private said = '';
  @state() private refused = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('listing')) this.stage = 'asking';
  }

  protected override render(): TemplateResult {
    const { words } = this.context;
    if (this.stage === 'heard') {
      return html`<p class="banner" role="status" tabindex="-1">${this.said}
        ${this.refused ? html`<button type="button" @click=${this.#tell}>${words.say('visitTell')}</button>` : nothing}</p>`;
    }
    const busy = this.stage === 'sending' ? 'true' : nothing;
    return html`<h3>${words.say('visitAsk')}</h3>
      <div class="actions">
        <button type="button" aria-disabled=${busy} @click=${() => void this.#send(true)}>${words.say('visitYes')}</button>
        <button type="button" aria-disabled=${busy} @click=${() => void this.#send(false)}>${words.say('visitNo')}</button>
      </div>
      ${this.stage === 'failed' ? html`<p class="caution" role="alert">${words.say('visitFailed')}</p>` : nothing}
      <small>${words.say('visitHint')}</small>`;
  }

  async #send(card: boolean): Promise<void> {
    if (this.stage === 'sending') return;
    this.stage = 'sending';
    try {
      const heard = await this.context.client.visit(this.listing, card, new AbortController().signal);
      this.said = heard.sentence;
      this.refused = heard.report !== null;
      this.stage = 'heard';
      await this.updateComplete;
      this.querySelector<HTMLElement>('[role=status]')?.focus();
    } catch {
      this.stage = 'failed';
    }
  }

  #tell = (): void => {
    this.dispatchEvent(new CustomEvent('tell'));
  };
}

define('provider-search-visit', Visit);
