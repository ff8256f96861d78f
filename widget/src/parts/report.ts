/** "Something is wrong here": what was typed is kept until it has arrived, and arrives once. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Report, ReportKind } from '../api/types';
import type { Context } from '../context';
import { define } from '../define';

const KINDS: readonly ReportKind[] = ['wrong_details', 'closed', 'card_refused', 'other'];

export class ReportForm extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property() listing = '';
  @state() private stage: 'writing' | 'sending' | 'sent' = 'writing';
  @state() private complaint = '';
  /** The same for every try of one report. */
  #attempt = newAttempt();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { words } = this.context;
    if (this.stage === 'sent') return html`<p class="banner" role="status" tabindex="-1">${words.say('reportSent')}</p>`;
    return html`<form class="report" @submit=${this.#send} novalidate>
      <p>${words.say('reportIntro')}</p>
      <fieldset>
        <legend>${words.say('reportKind')}</legend>
        ${KINDS.map(
          (kind) => html`<label class="check"><input type="radio" name="kind" .value=${kind} />${words.say(`report_${kind}`)}</label>`,
        )}
      </fieldset>
      <label class="label" for="ps-report-text">${words.say('reportText')}</label>
      <small id="ps-report-hint">${words.say('reportTextHint')}</small>
      <textarea id="ps-report-text" name="text" rows="4" maxlength="2000" dir="auto" aria-describedby="ps-report-hint"></textarea>
      <label class="label" for="ps-report-contact">${words.say('reportContact')}</label>
      <small id="ps-report-contact-hint">${words.say('reportContactHint')}</small>
      <input id="ps-report-contact" name="contact" type="text" maxlength="200" dir="auto" aria-describedby="ps-report-contact-hint" />
      ${this.complaint ? html`<p class="caution" role="alert">${this.complaint}</p>` : nothing}
      <button class="primary" type="submit" ?disabled=${this.stage === 'sending'}>
        ${words.say(this.stage === 'sending' ? 'reportSending' : 'reportSend')}
      </button>
    </form>`;
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { words, client } = this.context;
    const said = new FormData(event.target as HTMLFormElement);
    const [kind, text, contact] = ['kind', 'text', 'contact'].map((name) => {
      const value = said.get(name);
      return typeof value === 'string' ? value.trim() : '';
    });
    if (!kind) {
      this.complaint = words.say('reportChooseKind');
      return;
    }
    if (!text && kind !== 'closed') {
      this.complaint = words.say('reportNeedsText');
      return;
    }
    this.stage = 'sending';
    this.complaint = '';
    const report: Report = { kind: kind as ReportKind, text: text ?? '', ...(contact ? { contact } : {}) };
    try {
      await client.report(this.listing, report, this.#attempt, new AbortController().signal);
      this.stage = 'sent';
      this.#attempt = newAttempt();
    } catch {
      this.stage = 'writing';
      this.complaint = words.say('reportFailed');
    }
  };
}

/** 128 random bits; `randomUUID` is missing on pages without TLS. */
function newAttempt(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

define('provider-search-report', ReportForm);
