/** "Something is wrong here": what was typed is kept until it has arrived, and arrives once. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { Refused } from '../api/errors';
import type { Report, ReportKind } from '../api/types';
import type { Context } from '../context';
import { define } from '../define';
import type { Sentence } from '../i18n/messages';

const KINDS: readonly ReportKind[] = ['wrong_details', 'closed', 'card_refused', 'other'];
/** These say nothing without words. */
const NEEDS_TEXT: readonly ReportKind[] = ['wrong_details', 'other'];
/** As the service takes it: an e-mail address or a phone number. */
// The server takes no more, and a field that stops by itself would cut what is pasted without a word.
const LONGEST_TEXT = 2000;
const CONTACT = /^([^@\s]+@[^@\s]+\.[^@\s]+|\+?[0-9 ().-]{6,30})$/;

type Field = 'kind' | 'text' | 'contact' | 'send';

export class ReportForm extends LitElement {
  @property({ attribute: false }) context!: Context;
  @property() listing = '';
  @state() private stage: 'writing' | 'sending' | 'sent' = 'writing';
  @state() private complaint: { readonly field: Field; readonly text: string } | null = null;
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
      <fieldset aria-describedby=${this.complaint?.field === 'kind' ? 'ps-report-wrong' : nothing}>
        <legend>${words.say('reportKind')}</legend>
        ${KINDS.map(
          (kind) => html`<label class="check"><input type="radio" name="kind" .value=${kind} />${words.say(`report_${kind}`)}</label>`,
        )}
      </fieldset>
      ${this.#wrong('kind')}
      <label class="label" for="ps-report-text">${words.say('reportText')}</label>
      <small id="ps-report-text-hint">${words.say('reportTextHint')}</small>
      <textarea
        id="ps-report-text"
        name="text"
        rows="4"
        dir="auto"
        aria-invalid=${this.complaint?.field === 'text' ? 'true' : nothing}
        aria-describedby=${this.#describes('text')}
      ></textarea>
      ${this.#wrong('text')}
      <label class="label" for="ps-report-contact">${words.say('reportContact')}</label>
      <small id="ps-report-contact-hint">${words.say('reportContactHint')}</small>
      <input
        id="ps-report-contact"
        name="contact"
        type="text"
        dir="auto"
        aria-invalid=${this.complaint?.field === 'contact' ? 'true' : nothing}
        aria-describedby=${this.#describes('contact')}
      />
      ${this.#wrong('contact')} ${this.#wrong('send')}
      <button class="primary" type="submit" aria-disabled=${this.stage === 'sending' ? 'true' : nothing}>
        ${words.say(this.stage === 'sending' ? 'reportSending' : 'reportSend')}
      </button>
    </form>`;
  }

  #describes(field: 'text' | 'contact'): string {
    return `ps-report-${field}-hint${this.complaint?.field === field ? ' ps-report-wrong' : ''}`;
  }

  #wrong(field: Field): TemplateResult | typeof nothing {
    if (this.complaint?.field !== field) return nothing;
    return html`<p class="caution" role="alert" id="ps-report-wrong">${this.complaint.text}</p>`;
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.stage === 'sending') return; // pressed twice
    const { client } = this.context;
    const report = this.#read(event.target as HTMLFormElement);
    if (!report) return;
    this.stage = 'sending';
    this.complaint = null;
    try {
      await client.report(this.listing, report, this.#attempt, new AbortController().signal);
      this.stage = 'sent';
      await this.updateComplete;
      this.querySelector<HTMLElement>('[role=status]')?.focus();
    } catch (error) {
      this.stage = 'writing';
      // Changed words are another report.
      if (error instanceof Refused) this.#attempt = newAttempt();
      const contact = error instanceof Refused && error.faults.some(({ pointer }) => pointer === '/contact');
      if (contact) this.#complain('contact', 'reportContactWrong');
      else this.#complain('send', 'reportFailed');
    }
  };

  /** What was filled in; null where something is amiss, which is then said. */
  #read(form: HTMLFormElement): Report | null {
    const said = new FormData(form);
    const of = (name: string): string => {
      const value = said.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const [text, contact] = [of('text'), of('contact')];
    const kind = KINDS.find((each) => each === of('kind'));
    if (!kind) return this.#complain('kind', 'reportChooseKind');
    if (!text && NEEDS_TEXT.includes(kind)) return this.#complain('text', 'reportNeedsText');
    if (text.length > LONGEST_TEXT) return this.#complain('text', 'reportTextLong');
    if (contact && !CONTACT.test(contact)) return this.#complain('contact', 'reportContactWrong');
    return { kind, text, ...(contact ? { contact } : {}) };
  }

  #complain(field: Field, sentence: Sentence): null {
    this.complaint = { field, text: this.context.words.say(sentence) };
    this.querySelector<HTMLElement>(`[name=${field}]`)?.focus();
    return null;
  }
}

/** 128 random bits; `randomUUID` is missing on pages without TLS. */
function newAttempt(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

define('provider-search-report', ReportForm);
